package dev.talweg.optimizer.loss;

import java.util.Locale;

/** Refuses parameters for which a loss has no meaning. */
final class Ranges {
  private Ranges() {}

  static void positive(String name, double value) {
    require(value > 0 && value < Double.POSITIVE_INFINITY, name, value, "above 0");
  }

  static void notNegative(String name, double value) {
    require(value >= 0 && value < Double.POSITIVE_INFINITY, name, value, "of at least 0");
  }

  private static void require(boolean holds, String name, double value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s is %s, a number %s is allowed", name, value, allowed));
    }
  }
}
