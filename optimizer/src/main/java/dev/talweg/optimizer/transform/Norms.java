package dev.talweg.optimizer.transform;

/** Norms of runs of a vector, also where the squares overflow or vanish. */
public final class Norms {
  private static final double SAFE_HIGH = 0x1p1000;
  private static final double SAFE_LOW = 0x1p-900;

  private Norms() {}

  /** √Σu² of the entries in [from, end). */
  public static double euclidean(double[] u, int from, int end) {
    double sum = 0;
    for (int j = from; j < end; j++) {
      sum += u[j] * u[j];
    }
    if (sum < SAFE_HIGH && sum > SAFE_LOW) {
      return Math.sqrt(sum);
    }
    double largest = largest(u, from, end);
    if (largest == 0 || !(largest < Double.POSITIVE_INFINITY)) {
      return largest;
    }
    sum = 0;
    for (int j = from; j < end; j++) {
      sum += u[j] / largest * (u[j] / largest);
    }
    return largest * Math.sqrt(sum);
  }

  static double euclidean(double[] u) {
    return euclidean(u, 0, u.length);
  }

  static double euclidean(double[] u, Tensor tensor) {
    return euclidean(u, tensor.from(), tensor.end());
  }

  /** ‖x − y‖ of a tensor's entries. */
  static double distance(double[] x, double[] y, Tensor tensor) {
    double sum = 0;
    for (int j = tensor.from(); j < tensor.end(); j++) {
      sum += (x[j] - y[j]) * (x[j] - y[j]);
    }
    return Math.sqrt(sum);
  }

  /** max |u|; NaN where an entry is. */
  static double largest(double[] u, int from, int end) {
    double largest = 0;
    for (int j = from; j < end; j++) {
      largest = Math.max(largest, Math.abs(u[j]));
    }
    return largest;
  }

  /** √(Σu²/n); 0 of nothing. */
  static double rootMeanSquare(double[] u, Tensor tensor) {
    return tensor.length() == 0 ? 0 : euclidean(u, tensor) / Math.sqrt(tensor.length());
  }

  static double dot(double[] x, double[] y, int from, int end) {
    double sum = 0;
    for (int j = from; j < end; j++) {
      sum += x[j] * y[j];
    }
    return sum;
  }
}
