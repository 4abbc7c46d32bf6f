package dev.talweg.datasets;

import java.io.Serializable;

/** Of one numeric column, over training rows; merged in partition order. */
final class ColumnStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  long missing;
  long nan;
  double weight;
  double sum;
  double squares;
  double minimum = Double.POSITIVE_INFINITY;
  double maximum = Double.NEGATIVE_INFINITY;
  long positions; // a hash of (row, value) summed: equal for columns that are equal row by row

  /**
   * Adds the values of some rows, in their order; NaN is missing.
   *
   * @param weights of the rows of a chunk; empty where each is 1
   * @param from the row of the chunk that {@code values} and {@code places} begin with
   * @param rows the first {@code training} numbers of them tell which are added
   */
  void add(double[] values, double[] weights, int from, long[] places, int[] rows, int training) {
    for (int t = 0; t < training; t++) {
      int k = rows[t];
      double value = values[k];
      if (Double.isNaN(value)) {
        missing++;
        continue;
      }
      double rowWeight = weights.length > 0 ? weights[from + k] : 1;
      weight += rowWeight;
      sum += rowWeight * value;
      squares += rowWeight * value * value;
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
      positions += RowReader.mix(places[k] ^ Double.doubleToLongBits(value));
    }
  }

  void merge(ColumnStatistics other) {
    missing += other.missing;
    nan += other.nan;
    weight += other.weight;
    sum += other.sum;
    squares += other.squares;
    minimum = Math.min(minimum, other.minimum);
    maximum = Math.max(maximum, other.maximum);
    positions += other.positions;
  }

  boolean isEmpty() {
    return !(maximum >= minimum);
  }

  double mean() {
    return weight > 0 ? sum / weight : 0;
  }

  double deviation() {
    double mean = mean();
    return weight > 0 ? Math.sqrt(Math.max(0, squares / weight - mean * mean)) : 0;
  }
}
