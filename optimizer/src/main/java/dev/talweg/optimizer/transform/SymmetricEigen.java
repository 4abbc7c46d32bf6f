package dev.talweg.optimizer.transform;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix, A = Σ λ v vᵀ, by Jacobi's cyclic
 * rotations (Golub and Van Loan, Matrix Computations, 8.5): no convergence to fear for, small
 * eigenvalues of a positive definite matrix to the accuracy that its entries determine (Demmel and
 * Veselić 1992), and the same bits everywhere. Some 30 n³ operations.
 *
 * @param values descending
 * @param vectors as rows, in their order; signs are as they come
 */
@SuppressWarnings("ArrayRecordComponent") // made and used within one step, never compared
record SymmetricEigen(double[] values, Matrix vectors) {
  private static final double UNIT = 0x1p-53;

  /** Sweeps are six to ten; more do not come closer. */
  private static final int MOST_SWEEPS = 40;

  static SymmetricEigen of(Matrix symmetric) {
    int n = symmetric.rows();
    double[] a = symmetric.entries().clone();
    double largest = Norms.largest(a, 0, a.length);
    double[] v = Matrix.diagonal(n, 1).entries();
    double[] values = new double[n];
    if (largest == 0 || !(largest < Double.POSITIVE_INFINITY)) {
      Arrays.fill(values, largest);
      return new SymmetricEigen(values, new Matrix(n, n, v));
    }
    double scale = Math.scalb(1.0, -Math.getExponent(largest)); // so that no square overflows
    for (int j = 0; j < a.length; j++) {
      a[j] *= scale;
    }
    int sweeps = 0;
    while (sweeps < MOST_SWEEPS && sweep(a, v, n)) {
      sweeps++;
    }
    for (int k = 0; k < n; k++) {
      values[k] = a[k * n + k] / scale;
    }
    int[] order = descending(values);
    double[] sorted = new double[n];
    Arrays.setAll(sorted, k -> values[order[k]]);
    return new SymmetricEigen(sorted, new Matrix(n, n, v).picked(order));
  }

  /** Where the largest value is, the next, and so on; equal ones in their order. */
  static int[] descending(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -values[k]))
        .mapToInt(k -> k)
        .toArray();
  }

  /** A rotation for each entry that is not 0 beside its diagonal; whether there was any. */
  private static boolean sweep(double[] a, double[] v, int n) {
    boolean rotated = false;
    for (int p = 0; p < n; p++) {
      for (int q = p + 1; q < n; q++) {
        double beside = a[p * n + q];
        double product = Math.abs(a[p * n + p]) * Math.abs(a[q * n + q]);
        if (Math.abs(beside) > UNIT * Math.sqrt(product)) {
          rotate(a, v, n, p, q);
          rotated = true;
        }
      }
    }
    return rotated;
  }

  private static void rotate(double[] a, double[] v, int n, int p, int q) {
    double beside = a[p * n + q];
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * beside);
    double t = Math.copySign(1 / (Math.abs(theta) + Math.sqrt(theta * theta + 1)), theta);
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    double ofP = a[p * n + p] - t * beside;
    double ofQ = a[q * n + q] + t * beside;
    rotateRows(a, n, p, q, c, s);
    rotateRows(v, n, p, q, c, s);
    for (int k = 0; k < n; k++) {
      a[k * n + p] = a[p * n + k];
      a[k * n + q] = a[q * n + k];
    }
    a[p * n + p] = ofP;
    a[q * n + q] = ofQ;
    a[p * n + q] = 0;
    a[q * n + p] = 0;
  }

  private static void rotateRows(double[] x, int n, int p, int q, double c, double s) {
    for (int k = 0; k < n; k++) {
      double xp = x[p * n + k];
      double xq = x[q * n + k];
      x[p * n + k] = c * xp - s * xq;
      x[q * n + k] = s * xp + c * xq;
    }
  }

  /** Σ f(λ) v vᵀ. */
  Matrix applied(DoubleUnaryOperator f) {
    int n = values.length;
    Matrix scaled = Matrix.zero(n, n);
    for (int k = 0; k < n; k++) {
      double factor = f.applyAsDouble(values[k]);
      for (int i = 0; i < n; i++) {
        scaled.entries()[k * n + i] = factor * vectors.entries()[k * n + i];
      }
    }
    return vectors.transposed().times(scaled);
  }
}
