package dev.talweg.optimizer.stopping;

final class Tolerances {
  private Tolerances() {}

  static void check(double tolerance) {
    if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a tolerance is a finite number of at least 0, not " + tolerance);
    }
  }
}
