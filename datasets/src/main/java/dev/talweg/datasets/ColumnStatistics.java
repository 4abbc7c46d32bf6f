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

  void add(double value, double rowWeight, long row) {
    weight += rowWeight;
    sum += rowWeight * value;
    squares += rowWeight * value * value;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    positions += RowReader.mix(row ^ Double.doubleToLongBits(value));
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
