package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SparseArrayTest {
  /** From all entries given, over bit sets, to places of four bytes. */
  private static SparseArray random(Random random, int length, int oneIn) {
    int[] places = random.ints(length, 0, oneIn).toArray(); // place j is given where entry j is 0
    int[] given = java.util.stream.IntStream.range(0, length).filter(j -> places[j] == 0).toArray();
    return oneIn == 1
        ? SparseArray.dense(random.doubles(length).toArray())
        : new SparseArray(length, given, random.doubles(given.length, -1, 1).toArray());
  }

  private static double[] whole(SparseArray array) {
    double[] whole = new double[array.length()];
    array.addTo(whole);
    return whole;
  }

  @Property(tries = 200)
  void whatIsReadIsWhatWasWritten(
      @ForAll long seed,
      @ForAll @IntRange(max = 500) int length,
      @ForAll @IntRange(min = 1, max = 200) int oneIn)
      throws IOException {
    SparseArray array = random(new Random(seed), length, oneIn);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      array.writeExternal(out);
    }
    SparseArray read = new SparseArray();
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      ObjectInput input = in;
      read.readExternal(input);
    }
    assertEquals(array.bytes(), read.bytes());
    assertArrayEquals(whole(array), whole(read));
  }

  @Property(tries = 200)
  void slicesAreTheWholeInPieces(
      @ForAll long seed,
      @ForAll @IntRange(max = 300) int length,
      @ForAll @IntRange(min = 1, max = 20) int oneIn) {
    Random random = new Random(seed);
    SparseArray array = random(random, length, oneIn);
    double[] whole = whole(array);
    int from = random.nextInt(length + 1);
    int until = from + random.nextInt(length - from + 1);
    assertArrayEquals(
        java.util.Arrays.copyOfRange(whole, from, until), whole(array.slice(from, until)));
  }

  @Test
  void aMillionEntriesOfWhichHalfAreGivenTakeFourMegabytesAndABitEach() {
    int[] even = java.util.stream.IntStream.range(0, 500_000).map(k -> 2 * k).toArray();
    SparseArray half = new SparseArray(1_000_000, even, new double[500_000]);
    assertEquals(8 * 500_000 + 1_000_000 / 8, half.bytes());
  }

  @Test
  void arraysOfAnotherLengthAreNotAdded() {
    SparseArray one = SparseArray.dense(new double[] {1});
    assertThrows(IllegalArgumentException.class, () -> one.addTo(new double[2]));
    assertThrows(
        IllegalArgumentException.class, () -> new SparseArray(3, new int[] {1}, new double[2]));
  }
}
