package dev.talweg.datasets.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.api.Test;

class HybridRunsTest {

  @Property(tries = 500)
  void whatTheLibraryWritesIsReadInPiecesOfAnySize(
      @ForAll @IntRange(min = 1, max = 32) int width,
      @ForAll @IntRange(max = 700) int count,
      @ForAll long seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int[] values = values(random, width, count);
    byte[] bytes = encoded(values, width);
    HybridRuns runs = new HybridRuns();
    runs.reset(bytes, 0, bytes.length - HybridRuns.ROOM, width);
    int[] read = new int[count];
    for (int at = 0; at < count; ) {
      int some = 1 + random.nextInt(count - at);
      runs.read(read, at, some);
      at += some;
    }
    assertArrayEquals(values, read);
  }

  @Property(tries = 300)
  void zerosAreMarkedAndOnesAreNot(@ForAll @IntRange(max = 1000) int count, @ForAll long seed)
      throws IOException {
    int[] values = values(new SplittableRandom(seed), 1, count);
    byte[] bytes = encoded(values, 1);
    HybridRuns runs = new HybridRuns();
    runs.reset(bytes, 0, bytes.length - HybridRuns.ROOM, 1);
    long[] marked = new long[(count + 63) >>> 6];
    runs.markZeros(marked, count);
    for (int k = 0; k < count; k++) {
      assertEquals(1 - values[k], marked[k >>> 6] >>> k & 1, "value " + k);
    }
    for (int k = count; k < 64 * marked.length; k++) {
      assertEquals(0, marked[k >>> 6] >>> k & 1, "behind the last value");
    }
  }

  @Property(tries = 200)
  void aPageOfOneValueIsKnownByItsFirstRun(
      @ForAll @IntRange(min = 8, max = 10_000) int count, @ForAll @IntRange(max = 3) int value)
      throws IOException {
    int[] values = new int[count];
    Arrays.fill(values, value);
    byte[] bytes = encoded(values, 2);
    HybridRuns runs = new HybridRuns();
    runs.reset(bytes, 0, bytes.length - HybridRuns.ROOM, 2);
    assertEquals(value == 3, runs.repeats(3, count));
    assertEquals(value == 0, runs.repeats(0, count));
    values[count - 1] = 3 - value;
    bytes = encoded(values, 2);
    runs.reset(bytes, 0, bytes.length - HybridRuns.ROOM, 2);
    assertEquals(false, runs.repeats(value, count));
  }

  @Test
  void valuesOfNoBitsAreZerosWithoutARun() {
    HybridRuns runs = new HybridRuns();
    runs.reset(new byte[HybridRuns.ROOM], 0, 0, 0);
    int[] read = {7, 7, 7};
    runs.read(read, 0, 3);
    assertArrayEquals(new int[3], read);
  }

  @Test
  void runsThatEndTooEarlySaySo() throws IOException {
    byte[] bytes = encoded(new int[] {1, 2, 3}, 2);
    HybridRuns runs = new HybridRuns();
    runs.reset(bytes, 0, bytes.length - HybridRuns.ROOM, 2);
    assertThrows(IllegalStateException.class, () -> runs.read(new int[100], 0, 100));
    assertThrows(IllegalArgumentException.class, () -> runs.reset(bytes, 0, 1, 33));
  }

  /** Runs of random lengths, so that both forms come. */
  private static int[] values(SplittableRandom random, int width, int count) {
    int[] values = new int[count];
    for (int at = 0; at < count; ) {
      int run = Math.min(count - at, random.nextBoolean() ? 1 : 1 + random.nextInt(40));
      int value = random.nextInt() & (int) ((1L << width) - 1);
      Arrays.fill(values, at, at + run, value);
      at += run;
    }
    return values;
  }

  private static byte[] encoded(int[] values, int width) throws IOException {
    try (var encoder =
        new RunLengthBitPackingHybridEncoder(width, 64, 1 << 20, new HeapByteBufferAllocator())) {
      for (int value : values) {
        encoder.writeInt(value);
      }
      byte[] bytes = encoder.toBytes().toInputStream().readAllBytes();
      return Arrays.copyOf(bytes, bytes.length + HybridRuns.ROOM);
    }
  }
}
