package dev.talweg.optimizer.schedule;

final class Rates {
  private Rates() {}

  static void check(String name, double rate) {
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + " is a rate, a finite number of at least 0, not " + rate);
    }
  }

  static void checkFactor(double factor) {
    if (!(factor > 0 && factor <= 1)) {
      throw new IllegalArgumentException("factor is above 0 and at most 1, not " + factor);
    }
  }

  static void checkSteps(String name, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(name + " is at least 1, not " + steps);
    }
  }
}
