package dev.talweg.optimizer.objective;

import java.util.Optional;

/** A small positive definite system, by Cholesky's factorization. */
final class SymmetricSystem {
  private SymmetricSystem() {}

  /**
   * x with Ax = b; empty where A is not positive definite.
   *
   * @param a n × n numbers, row by row; overwritten
   * @param b n numbers; overwritten
   */
  static Optional<double[]> solve(double[] a, double[] b) {
    int n = b.length;
    for (int j = 0; j < n; j++) {
      for (int k = 0; k <= j; k++) {
        double sum = a[j * n + k];
        for (int i = 0; i < k; i++) {
          sum -= a[j * n + i] * a[k * n + i];
        }
        if (k < j) {
          a[j * n + k] = sum / a[k * n + k];
        } else if (sum > 0) {
          a[j * n + j] = Math.sqrt(sum);
        } else {
          return Optional.empty();
        }
      }
    }
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < j; i++) {
        b[j] -= a[j * n + i] * b[i];
      }
      b[j] /= a[j * n + j];
    }
    for (int j = n - 1; j >= 0; j--) {
      for (int i = j + 1; i < n; i++) {
        b[j] -= a[i * n + j] * b[i];
      }
      b[j] /= a[j * n + j];
    }
    return Optional.of(b);
  }
}
