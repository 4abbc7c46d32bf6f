package dev.talweg.optimizer.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.ToDoubleFunction;

/** What a gradient is held against. */
final class FiniteDifferences {
  private static final double H = 1e-5;

  private FiniteDifferences() {}

  /**
   * The gradient of a value near 100 whose third derivatives are at most 1e3, entry by entry.
   *
   * @param what for the message
   */
  static void check(
      ToDoubleFunction<double[]> value, double[] parameters, double[] gradient, String what) {
    for (int k = 0; k < parameters.length; k++) {
      double at = parameters[k];
      parameters[k] = at + H;
      double above = value.applyAsDouble(parameters);
      parameters[k] = at - H;
      double below = value.applyAsDouble(parameters);
      parameters[k] = at;
      // truncation h²/6 f''' of at most 1e3, and the rounding of sums near 100 by h: 2e-8 and 1e-8
      assertEquals((above - below) / (2 * H), gradient[k], 1e-7, what + ", parameter " + k);
    }
  }
}
