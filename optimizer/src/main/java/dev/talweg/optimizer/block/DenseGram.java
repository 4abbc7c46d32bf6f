package dev.talweg.optimizer.block;

import java.util.Arrays;

/**
 * Σ h x xᵀ for rows that are mostly not zero: sixteen rows are laid out side by side, and each row
 * of the matrix takes four of them per store, along memory. The products and the order of the sums,
 * by ascending row, are those of {@link Blocks#addOuter}.
 */
final class DenseGram {
  /** Rows laid out at a time: with 784 features 100 KiB. */
  static final int ROWS = 16;

  private final int width;
  private final double[] rows;
  private final double[] multipliers = new double[ROWS];
  private final double[] gram;

  /**
   * @param width d + 1
   * @param gram as {@link Block#addGram} lays it out
   */
  DenseGram(int width, double[] gram) {
    this.width = width;
    this.rows = new double[ROWS * width];
    this.gram = gram;
  }

  /** Values of the next rows, row by row, 0 at first; the last of each is the constant 1's. */
  double[] rows() {
    return rows;
  }

  /** Adds the first {@code count} rows, whose multipliers begin at {@code from}, and clears all. */
  void add(double[] h, int from, int count) {
    Arrays.fill(multipliers, 0);
    System.arraycopy(h, from, multipliers, 0, count);
    for (int i = 0; i < count; i++) {
      rows[i * width + width - 1] = 1;
    }
    for (int i = 0; i < count; i += 4) {
      int first = i * width;
      for (int j = 0; j < width; j++) {
        double a = multipliers[i] * rows[first + j];
        double b = multipliers[i + 1] * rows[first + width + j];
        double c = multipliers[i + 2] * rows[first + 2 * width + j];
        double d = multipliers[i + 3] * rows[first + 3 * width + j];
        if (a != 0 || b != 0 || c != 0 || d != 0) {
          addFour(rows, first + j, width, a, b, c, d, gram, j * width + j, width - j);
        }
      }
    }
    Arrays.fill(rows, 0);
  }

  private static void addFour(
      double[] x,
      int first,
      int stride,
      double a,
      double b,
      double c,
      double d,
      double[] y,
      int to,
      int n) {
    int second = first + stride;
    int third = second + stride;
    int fourth = third + stride;
    for (int i = 0; i < n; i++) {
      y[to + i] =
          y[to + i] + a * x[first + i] + b * x[second + i] + c * x[third + i] + d * x[fourth + i];
    }
  }
}
