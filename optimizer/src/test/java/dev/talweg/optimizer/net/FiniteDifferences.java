package dev.talweg.optimizer.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.model.Draw;
import java.util.function.ToDoubleFunction;

/** What a gradient is held against. */
final class FiniteDifferences {
  private static final double H = 1e-5;

  private FiniteDifferences() {}

  /** A net's own gradient over a block's rows as one batch, where it begins. */
  static void check(Net net, Block block) {
    double[] parameters = net.initial(11);
    double[] gradient = new double[parameters.length];
    Draw draw = new Draw(8, 2, 100);
    int rows = block.rows();
    net.accumulate(block, 0, rows, parameters, gradient, draw);
    check(
        at -> net.accumulate(block, 0, rows, at, new double[at.length], draw),
        parameters,
        gradient,
        net.toString());
  }

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
