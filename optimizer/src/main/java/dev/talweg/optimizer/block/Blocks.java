package dev.talweg.optimizer.block;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The checks that blocks make once, outside their loops, and what both kinds share. */
final class Blocks {
  private Blocks() {}

  static void checkRows(int rows, double[] labels, double @Nullable [] weights) {
    if (labels.length != rows || (weights != null && weights.length != rows)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "lengths differ: %d labels and %d weights for %d rows",
              labels.length,
              weights == null ? rows : weights.length,
              rows));
    }
  }

  static void checkOffsets(int rows, double @Nullable [] offsets) {
    if (offsets != null && offsets.length != rows) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "lengths differ: %d offsets for %d rows", offsets.length, rows));
    }
  }

  static void checkRange(int from, int until, int rows, double[] perRow) {
    if (from < 0 || until < from || until > rows || perRow.length < until - from) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "rows [%d, %d) of %d, with room for %d",
              from,
              until,
              rows,
              perRow.length));
    }
  }

  /** The same with K numbers for each row. */
  static void checkRange(int from, int until, int rows, int classes, double[] perRow) {
    if (from < 0
        || until < from
        || until > rows
        || classes < 1
        || perRow.length < (long) (until - from) * classes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "rows [%d, %d) of %d and %d classes, with room for %d",
              from,
              until,
              rows,
              classes,
              perRow.length));
    }
  }

  static long rowBytes(double[] labels, double @Nullable [] weights) {
    return 8L * labels.length + (weights == null ? 0 : 8L * weights.length);
  }

  /**
   * Adds {@code multiplier · x xᵀ} to an upper triangle; x has {@code count} entries in any order.
   */
  static void addOuter(
      double multiplier, int[] features, double[] values, int count, int width, double[] gram) {
    for (int a = 0; a < count; a++) {
      double scaled = multiplier * values[a];
      int j = features[a];
      for (int b = a; b < count; b++) {
        int k = features[b];
        gram[j <= k ? j * width + k : k * width + j] += scaled * values[b];
      }
    }
  }

  /** {@code sums += a·w + b·x + c·y + d·z} from a column on, in this order. */
  static void addFour(
      double a,
      double[] w,
      double b,
      double[] x,
      double c,
      double[] y,
      double d,
      double[] z,
      double[] sums,
      int from) {
    for (int k = from; k < sums.length; k++) {
      sums[k] = (((sums[k] + a * w[k]) + b * x[k]) + c * y[k]) + d * z[k];
    }
  }

  static double @Nullable [] pickAny(double @Nullable [] values, int[] picked) {
    return values == null ? null : pick(values, picked);
  }

  static double[] pick(double[] values, int[] picked) {
    double[] chosen = new double[picked.length];
    for (int i = 0; i < picked.length; i++) {
      chosen[i] = values[picked[i]];
    }
    return chosen;
  }
}
