package dev.talweg.optimizer.minimizer;

/** The few operations on driver-side vectors. */
final class Vectors {
  private Vectors() {}

  static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += x[j] * y[j];
    }
    return sum;
  }

  static double norm(double[] x) {
    return Math.sqrt(dot(x, x));
  }

  /** {@code y += a·x}. */
  static void add(double a, double[] x, double[] y) {
    for (int j = 0; j < x.length; j++) {
      y[j] += a * x[j];
    }
  }

  static double[] minus(double[] x, double[] y) {
    double[] difference = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      difference[j] = x[j] - y[j];
    }
    return difference;
  }

  static double[] negative(double[] x) {
    double[] negative = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      negative[j] = -x[j];
    }
    return negative;
  }

  static boolean finite(double[] x) {
    for (double value : x) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
