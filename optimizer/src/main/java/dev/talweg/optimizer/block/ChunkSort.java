package dev.talweg.optimizer.block;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into {@link ChunkBlock}s: a stable sort of their entries by feature.
 *
 * <p><b>How.</b> Two counting sorts, the high digit of a feature's number first. The first deals
 * the entries out to some thousand buckets as words of (low digit, row, value) — 16, 16 and 32 bits
 * — in the order of rows. The second sorts within a bucket, whose counters stay in a core's cache;
 * a bitmap of the digits seen there gives the features in order without reading the counters of
 * those that are in no row. Each entry is read twice and written twice, along memory but for the
 * buckets' ends. The figure is in docs/decisions/0009.
 *
 * <p>One instance serves one thread and many chunks: its arrays are scratch.
 */
final class ChunkSort {
  private static final int ONE = Float.floatToRawIntBits(1f);
  private static final int MOST_LOW_BITS = 16;
  private static final int HIGH_BITS = 10;

  private final int dimension;
  private final int lowBits;
  private final int[] ends;
  private final int[] counts;
  private final long[] seen;
  private final long[] valued;
  private final int[] valueAt;
  private long[] words = new long[0];
  private int[] features = new int[0];
  private int[] starts = new int[1];
  private float[] values = new float[0];

  ChunkSort(int dimension) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(dimension - 1, 1));
    this.dimension = dimension;
    this.lowBits = Math.min(MOST_LOW_BITS, Math.max(bits - HIGH_BITS, 6));
    this.ends = new int[Math.max(dimension - 1, 0) / (1 << lowBits) + 2];
    this.counts = new int[1 << lowBits];
    this.seen = new long[1 << (lowBits - 6)];
    this.valued = new long[seen.length];
    this.valueAt = new int[counts.length];
  }

  /** The rows of these blocks, one after the other, at most {@link ChunkBlock#ROWS}. */
  ChunkBlock chunk(List<CsrBlock> blocks) {
    int rows = blocks.stream().mapToInt(Block::rows).sum();
    int entries = blocks.stream().mapToInt(CsrBlock::entries).sum();
    reserve(entries);
    deal(blocks);
    char[] rowIds = new char[entries];
    Runs runs = new Runs();
    int from = 0;
    for (int bucket = 0; bucket < ends.length - 1; bucket++) {
      if (ends[bucket] > from) {
        sort(bucket, from, ends[bucket], rowIds, runs);
        from = ends[bucket];
      }
    }
    starts[runs.features] = entries;
    return new ChunkBlock(
        dimension,
        Arrays.copyOf(features, runs.features),
        Arrays.copyOf(starts, runs.features + 1),
        rowIds,
        runs.ends(),
        Arrays.copyOf(values, runs.values),
        labels(blocks, rows),
        joined(blocks, rows, Block::weights, 1),
        joined(blocks, rows, Block::offsets, 0));
  }

  private void reserve(int entries) {
    if (words.length < entries) {
      words = new long[entries];
      values = new float[entries];
      features = new int[Math.min(entries, dimension)];
      starts = new int[features.length + 1];
    }
  }

  /** Deals the entries out by high digit; then bucket b ends at {@code ends[b]}. */
  private void deal(List<CsrBlock> blocks) {
    Arrays.fill(ends, 0);
    for (CsrBlock block : blocks) {
      int[] indices = block.indices();
      int entries = block.entries();
      for (int p = 0; p < entries; p++) {
        ends[(indices[p] >>> lowBits) + 1]++;
      }
    }
    for (int b = 1; b < ends.length; b++) {
      ends[b] += ends[b - 1];
    }
    long row = 0;
    for (CsrBlock block : blocks) {
      deal(block, row);
      row += block.rows();
    }
  }

  private void deal(CsrBlock block, long firstRow) {
    int[] begin = block.starts();
    int[] indices = block.indices();
    float @Nullable [] x = block.values();
    long[] to = words;
    int[] next = ends;
    int shift = lowBits;
    int mask = (1 << shift) - 1;
    for (int i = 0; i < block.rows(); i++) {
      long row = (firstRow + i) << 32;
      int end = begin[i + 1];
      for (int p = begin[i]; p < end; p++) {
        int feature = indices[p];
        int value = x == null ? ONE : Float.floatToRawIntBits(x[p]);
        to[next[feature >>> shift]++] =
            ((long) (feature & mask) << 48) | row | (value & 0xffffffffL);
      }
    }
  }

  /** How many features and values there are so far, and where runs end. */
  private static final class Runs {
    private int features;
    private int values;
    private int[] ends = new int[16];
    private int count;

    /** Features so far are followed by one that has values, or has none. */
    void next(boolean hasValues) {
      boolean open = (count & 1) == 0; // a run with values
      if (open != hasValues) {
        if (count == ends.length) {
          ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count++] = features;
      }
      features++;
    }

    int[] ends() {
      int[] all = Arrays.copyOf(ends, count + 1);
      all[count] = features;
      return all;
    }
  }

  /** Sorts one bucket's words by low digit, behind what was sorted before. */
  private void sort(int bucket, int from, int until, char[] rowIds, Runs runs) {
    for (int p = from; p < until; p++) {
      int digit = (int) (words[p] >>> 48);
      counts[digit]++;
      seen[digit >>> 6] |= 1L << digit;
      if ((int) words[p] != ONE) {
        valued[digit >>> 6] |= 1L << digit;
      }
    }
    int start = from;
    for (int word = 0; word < seen.length; word++) {
      for (long bits = seen[word]; bits != 0; bits &= bits - 1) {
        int digit = (word << 6) + Long.numberOfTrailingZeros(bits);
        boolean hasValues = ((valued[word] >>> digit) & 1) != 0;
        features[runs.features] = (bucket << lowBits) + digit;
        starts[runs.features] = start;
        runs.next(hasValues);
        int count = counts[digit];
        counts[digit] = start;
        valueAt[digit] = hasValues ? runs.values : -1;
        runs.values += hasValues ? count : 0;
        start += count;
      }
    }
    for (int p = from; p < until; p++) {
      long word = words[p];
      int digit = (int) (word >>> 48);
      rowIds[counts[digit]++] = (char) (word >>> 32);
      int value = valueAt[digit];
      if (value >= 0) {
        values[value] = Float.intBitsToFloat((int) word);
        valueAt[digit] = value + 1;
      }
    }
    for (int word = 0; word < seen.length; word++) {
      for (long bits = seen[word]; bits != 0; bits &= bits - 1) {
        counts[(word << 6) + Long.numberOfTrailingZeros(bits)] = 0;
      }
      seen[word] = 0;
      valued[word] = 0;
    }
  }

  /** One number a row, {@code absent} where a block has none; null where no block has any. */
  private static double @Nullable [] joined(
      List<CsrBlock> blocks, int rows, PerRow perRow, double absent) {
    double[] joined = new double[rows];
    boolean present = false;
    int at = 0;
    for (CsrBlock block : blocks) {
      double @Nullable [] own = perRow.of(block);
      if (own == null) {
        Arrays.fill(joined, at, at + block.rows(), absent);
      } else {
        System.arraycopy(own, 0, joined, at, block.rows());
        present = true;
      }
      at += block.rows();
    }
    return present ? joined : null;
  }

  private interface PerRow {
    double @Nullable [] of(CsrBlock block);
  }

  private static double[] labels(List<CsrBlock> blocks, int rows) {
    double[] joined = joined(blocks, rows, Block::labels, 0);
    return joined == null ? new double[rows] : joined;
  }
}
