package dev.talweg.datasets;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Some thousand rows as they were read: typed columns, before anything was learned from the data.
 *
 * <p>Layout: {@code numeric[c][i]} with NaN for missing; {@code codes[c][i]} a code of the
 * partition's dictionary of column c, or −1 for null; {@code buckets[c][i]} the hash bucket of
 * hashed columns and crosses, or −1; the entries of a vector column of row i at {@code [starts[i],
 * starts[i+1])}. Arrays grow by doubling and are cut to size when the chunk is full.
 */
final class RawChunk implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Rows of a chunk, and so of a block: its margins (64 KiB) and multipliers stay in a core's
   * second-level cache while the loops run column by column.
   */
  static final int ROWS = 8192;

  /** The same with a vector column, whose loops run row by row and keep nothing in a cache. */
  static final int SPARSE_ROWS = 32_768;

  private static final int FORECAST_ROWS = 256;

  int rows;
  float[][] numeric;
  int[][] codes;
  int[][] buckets;
  int[] starts;
  int[] indices;
  float[] values;
  double[] labels;
  double[] weights;
  double[] offsets;
  byte[] splits;

  RawChunk(
      int numericColumns,
      int dictionaries,
      int bucketColumns,
      boolean vectors,
      boolean weighted,
      boolean shifted) {
    int capacity = 256;
    numeric = new float[numericColumns][capacity];
    codes = new int[dictionaries][capacity];
    buckets = new int[bucketColumns][capacity];
    starts = vectors ? new int[capacity + 1] : new int[0];
    indices = new int[vectors ? 16 * capacity : 0];
    values = new float[indices.length];
    labels = new double[capacity];
    weights = new double[weighted ? capacity : 0];
    offsets = new double[shifted ? capacity : 0];
    splits = new byte[capacity];
  }

  /** Makes room for so many rows; arrays double. */
  void reserve(int all) {
    if (all > labels.length) {
      resize(2 * Integer.highestOneBit(all - 1));
    }
  }

  /** Makes room for more entries of the vector column. */
  void reserveEntries(int entries) {
    if (entries > indices.length) {
      int capacity = Math.max(entries, 2 * indices.length);
      indices = Arrays.copyOf(indices, capacity);
      values = Arrays.copyOf(values, capacity);
    }
  }

  /**
   * The same where it is known how many rows are to come: arrays of many rows do not grow step by
   * step, once some hundred rows have told how long they are.
   *
   * @param soFar the rows before these entries
   * @param ahead the rows from there on
   */
  void reserveEntries(int entries, int soFar, long ahead) {
    if (entries > indices.length && soFar >= FORECAST_ROWS) {
      long like = starts[soFar] * Math.min(SPARSE_ROWS, soFar + ahead) / soFar;
      reserveEntries((int) Math.max(entries, Math.min(like + like / 16, Integer.MAX_VALUE / 2)));
    } else {
      reserveEntries(entries);
    }
  }

  /** The largest index of the vector column, or −1. */
  int widest() {
    int widest = -1;
    for (int i = 0; i < rows; i++) {
      widest = starts[i] < starts[i + 1] ? Math.max(widest, indices[starts[i + 1] - 1]) : widest;
    }
    return widest;
  }

  /** Makes room for as much as another chunk holds, so that arrays do not grow step by step. */
  void reserveLike(RawChunk full) {
    resize(full.rows);
    reserveEntries(
        full.starts.length > 0 ? full.starts[full.rows] + full.starts[full.rows] / 16 : 0);
  }

  void trim() {
    resize(rows);
    if (starts.length > 0 && indices.length > starts[rows] + starts[rows] / 8) {
      indices = Arrays.copyOf(indices, starts[rows]);
      values = Arrays.copyOf(values, starts[rows]);
    }
  }

  private void resize(int capacity) {
    if (capacity == labels.length) {
      return;
    }
    for (int c = 0; c < numeric.length; c++) {
      numeric[c] = Arrays.copyOf(numeric[c], capacity);
    }
    for (int c = 0; c < codes.length; c++) {
      codes[c] = Arrays.copyOf(codes[c], capacity);
    }
    for (int c = 0; c < buckets.length; c++) {
      buckets[c] = Arrays.copyOf(buckets[c], capacity);
    }
    if (starts.length > 0) {
      starts = Arrays.copyOf(starts, capacity + 1);
    }
    labels = Arrays.copyOf(labels, capacity);
    if (weights.length > 0) {
      weights = Arrays.copyOf(weights, capacity);
    }
    if (offsets.length > 0) {
      offsets = Arrays.copyOf(offsets, capacity);
    }
    splits = Arrays.copyOf(splits, capacity);
  }
}
