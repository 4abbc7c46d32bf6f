package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SparseArrayTest {
  /** From all entries given, over bit sets, to places of four bytes. */
  private static SparseArray random(Random random, int length, int oneIn) {
    int[] places = random.ints(length, 0, oneIn).toArray(); // place j is given where entry j is 0
    int[] given = IntStream.range(0, length).filter(j -> places[j] == 0).toArray();
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
    checkedWire(array);
    checkedWire(array.rounded(Math.min(length, 2)));
  }

  private static void checkedWire(SparseArray array) throws IOException {
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
    assertArrayEquals(Arrays.copyOfRange(whole, from, until), whole(array.slice(from, until)));
  }

  /** Wire.FLOAT's bound: half a unit in the last of 24 digits, or half the least float. */
  @Property(tries = 500)
  void floatsAreNearerThanTheirBoundAndTheLastEntriesAreThemselves(
      @ForAll long seed, @ForAll @IntRange(min = 3, max = 100) int length) {
    Random random = new Random(seed);
    double[] values = new double[length];
    for (int j = 0; j < length; j++) {
      values[j] = Math.scalb(random.nextGaussian(), random.nextInt(-160, 120));
    }
    double[] sent = whole(Wire.FLOAT.sent(SparseArray.dense(values.clone()), 2));
    for (int j = 0; j < length - 2; j++) {
      double bound = Math.max(0x1p-24 * Math.abs(values[j]), 0x1p-150);
      assertTrue(Math.abs(sent[j] - values[j]) <= bound, () -> seed + ": beyond the bound");
      assertEquals(0.0 + (float) values[j], sent[j]); // a sum that begins at 0 has no -0
    }
    assertEquals(values[length - 2], sent[length - 2]);
    assertEquals(values[length - 1], sent[length - 1]);
  }

  @Test
  void numbersBeyondTheFloatsKeepTheirPartitionInDoubles() {
    SparseArray sent = Wire.FLOAT.sent(SparseArray.dense(new double[] {0.1, 1e39, 1, 1}), 2);
    assertArrayEquals(new double[] {0.1, 1e39, 1, 1}, whole(sent));
    assertEquals(4 * 8, sent.bytes());
  }

  @Property(tries = 200)
  void slicesOfFloatsTakeTheBytesOfFloats(@ForAll @IntRange(min = 3, max = 50) int length) {
    SparseArray sent = Wire.FLOAT.sent(SparseArray.dense(new double[length]), 2);
    for (int from = 0; from < length; from++) {
      assertEquals(sent.bytes(), sent.slice(0, from).bytes() + sent.slice(from, length).bytes());
    }
  }

  @Test
  void aMillionEntriesOfWhichHalfAreGivenTakeFourMegabytesAndABitEach() {
    int[] even = IntStream.range(0, 500_000).map(k -> 2 * k).toArray();
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
