package dev.talweg.datasets;

import dev.talweg.optimizer.random.CounterRandom;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One partition as it was read: its chunks, which stay on the executor, and what the driver must
 * know.
 */
final class RawPartition implements Serializable {
  private static final long serialVersionUID = 1L;

  final List<RawChunk> chunks = new ArrayList<>();
  final List<BadRow> bad = new ArrayList<>();
  final Dictionary[] dictionaries;
  final Dictionary labels = new Dictionary(); // levels of a label that is text
  final Summary summary;

  RawPartition(int partition, int numericColumns, int dictionaryColumns) {
    dictionaries = new Dictionary[dictionaryColumns];
    for (int c = 0; c < dictionaryColumns; c++) {
      dictionaries[c] = new Dictionary();
    }
    summary = new Summary(partition, numericColumns, dictionaryColumns);
  }

  /**
   * What comes to the driver: nothing of the size of the data but dictionaries, up to their limit.
   */
  static final class Summary implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Above this many levels over all partitions a column is hashed. */
    static final int MOST_LEVELS = 1 << 20;

    /** Different labels that are told apart: as many classes as a model may have. */
    static final int MOST_LABELS = 1000;

    /** Examples of bad rows that are shown. */
    static final int EXAMPLES = 20;

    final int partition;
    final long[] rows = new long[3];
    long bad;
    final List<BadRow> examples = new ArrayList<>();
    final ColumnStatistics[] numeric;
    final Dictionary[] levels; // none of those that are overflown
    final long[] nulls;
    final boolean[] overflown;
    final Map<String, Long> labels = new TreeMap<>();
    boolean moreLabels; // than MOST_LABELS, of which some are named
    double labelWeight;
    double labelSum;
    int vectorSize;
    long fingerprint;
    long fingerprintToo;
    float[][] sample = {}; // values of numeric columns in some training rows, NaN for missing

    Summary(int partition, int numericColumns, int dictionaryColumns) {
      this.partition = partition;
      numeric = new ColumnStatistics[numericColumns];
      for (int c = 0; c < numericColumns; c++) {
        numeric[c] = new ColumnStatistics();
      }
      levels = new Dictionary[dictionaryColumns];
      Arrays.setAll(levels, c -> new Dictionary());
      nulls = new long[dictionaryColumns];
      overflown = new boolean[dictionaryColumns];
    }
  }

  /** Stands for the vector column among columns of buckets. */
  static final int VECTOR = -1;

  /** The entries, ascending, that training rows have of a column of buckets or the vector. */
  int[] seen(int column, int width) {
    SeenFeatures.Marks marks = new SeenFeatures.Marks(width);
    for (RawChunk chunk : chunks) {
      for (int i = 0; i < chunk.rows; i++) {
        if (chunk.splits[i] != RowReader.TRAIN) {
          continue;
        }
        if (column == VECTOR) {
          for (int p = chunk.starts[i]; p < chunk.starts[i + 1]; p++) {
            marks.add(chunk.indices[p]);
          }
        } else if (chunk.buckets[column][i] >= 0) {
          marks.add(chunk.buckets[column][i]);
        }
      }
    }
    return marks.entries();
  }

  /** The summary with the numeric columns of up to so many training rows, evenly spread. */
  Summary sampled(int rows) {
    long all = summary.rows[RowReader.TRAIN];
    int picked = (int) Math.min(all, rows);
    if (picked == 0) {
      return summary;
    }
    float[][] sample = new float[summary.numeric.length][picked];
    long seen = 0;
    int next = 0;
    long wanted = place(next, picked, all);
    for (RawChunk chunk : chunks) {
      for (int i = 0; i < chunk.rows && next < picked; i++) {
        if (chunk.splits[i] == RowReader.TRAIN && seen++ == wanted) {
          for (int c = 0; c < sample.length; c++) {
            sample[c][next] = chunk.numeric[c][i];
          }
          wanted = place(++next, picked, all);
        }
      }
    }
    summary.sample = sample;
    return summary;
  }

  /** A random row of the k-th of equal strata, so that rows in a rhythm are not seen in it. */
  private long place(int k, int strata, long all) {
    long from = k * all / strata;
    long until = (k + 1L) * all / strata;
    return from + (long) (CounterRandom.uniform(0, summary.partition, k, 3) * (until - from));
  }

  /** Puts the dictionaries into the summary, once all rows are read. */
  void close() {
    for (int c = 0; c < dictionaries.length; c++) {
      summary.overflown[c] = dictionaries[c].size() > Summary.MOST_LEVELS;
      if (!summary.overflown[c]) {
        summary.levels[c] = dictionaries[c];
      }
    }
    if (!chunks.isEmpty()) {
      chunks.get(chunks.size() - 1).trim();
    }
  }
}
