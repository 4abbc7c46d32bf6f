package dev.talweg.optimizer.transform;

/**
 * A small dense matrix, by rows.
 *
 * @param entries handed over
 */
@SuppressWarnings("ArrayRecordComponent") // made and used within one step, never compared
record Matrix(int rows, int columns, double[] entries) {

  static Matrix zero(int rows, int columns) {
    return new Matrix(rows, columns, new double[rows * columns]);
  }

  /** s I. */
  static Matrix diagonal(int n, double s) {
    Matrix diagonal = zero(n, n);
    for (int i = 0; i < n; i++) {
      diagonal.entries[i * n + i] = s;
    }
    return diagonal;
  }

  /** Entries of a vector from there on. */
  static Matrix of(double[] x, int from, int rows, int columns) {
    Matrix matrix = zero(rows, columns);
    System.arraycopy(x, from, matrix.entries, 0, rows * columns);
    return matrix;
  }

  /** A tensor's. */
  static Matrix of(double[] x, Tensor tensor) {
    return of(x, tensor.from(), tensor.rows(), tensor.columns());
  }

  /** Writes all entries from there on. */
  void into(double[] x, int from) {
    System.arraycopy(entries, 0, x, from, entries.length);
  }

  Matrix transposed() {
    Matrix transposed = zero(columns, rows);
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        transposed.entries[k * rows + i] = entries[i * columns + k];
      }
    }
    return transposed;
  }

  /** The product with another; sums go in the order of what is summed over. */
  Matrix times(Matrix other) {
    int m = other.columns;
    Matrix product = zero(rows, m);
    for (int i = 0; i < rows; i++) {
      for (int l = 0; l < columns; l++) {
        double a = entries[i * columns + l];
        for (int k = 0; k < m; k++) {
          product.entries[i * m + k] += a * other.entries[l * m + k];
        }
      }
    }
    return product;
  }

  /** X Xᵀ. */
  Matrix gram() {
    return times(transposed());
  }

  /** a X + b Y. */
  Matrix combined(double a, double b, Matrix other) {
    Matrix sum = zero(rows, columns);
    for (int j = 0; j < entries.length; j++) {
      sum.entries[j] = a * entries[j] + b * other.entries[j];
    }
    return sum;
  }

  /** a X. */
  Matrix scaled(double a) {
    Matrix scaled = zero(rows, columns);
    for (int j = 0; j < entries.length; j++) {
      scaled.entries[j] = a * entries[j];
    }
    return scaled;
  }

  /** X/a. */
  Matrix divided(double a) {
    Matrix divided = zero(rows, columns);
    for (int j = 0; j < entries.length; j++) {
      divided.entries[j] = entries[j] / a;
    }
    return divided;
  }

  /** These rows in this order. */
  Matrix picked(int[] order) {
    Matrix picked = zero(order.length, columns);
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(entries, order[i] * columns, picked.entries, i * columns, columns);
    }
    return picked;
  }

  /**
   * An orthonormal basis Q of its columns, X = Q R, by Householder's reflections: exact to rounding
   * whatever the rank is. Of a square matrix.
   */
  Matrix orthonormal() {
    int n = rows;
    double[] r = entries.clone();
    double[] reflections = new double[n * n]; // row k: the vector of the reflection k
    for (int k = 0; k < n; k++) {
      for (int i = k; i < n; i++) {
        reflections[k * n + i] = r[i * n + k];
      }
      double norm = Norms.euclidean(reflections, k * n + k, k * n + n);
      reflections[k * n + k] += Math.copySign(norm, reflections[k * n + k]);
      normalize(reflections, k * n, n);
      reflect(reflections, k * n, r, n);
    }
    Matrix q = diagonal(n, 1);
    for (int k = n - 1; k >= 0; k--) {
      reflect(reflections, k * n, q.entries, n);
    }
    return q;
  }

  private static void normalize(double[] v, int from, int n) {
    double norm = Norms.euclidean(v, from, from + n);
    for (int i = from; i < from + n && norm > 0; i++) {
      v[i] /= norm;
    }
  }

  /** X ← (I − 2 v vᵀ) X. */
  private static void reflect(double[] v, int from, double[] x, int n) {
    double[] along = new double[n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        along[k] += v[from + i] * x[i * n + k];
      }
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        x[i * n + k] -= 2 * v[from + i] * along[k];
      }
    }
  }
}
