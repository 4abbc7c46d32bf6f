package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;

/**
 * An estimate of the diagonal of the Hessian of a batch: z ∘ H z with random signs z, whose mean
 * over z is the diagonal (Hutchinson 1989; Bekas, Kokiopoulou and Saad 2007). H z is a central
 * difference of two gradients, which any model has.
 */
final class Hutchinson {
  /** So that z depends on the step alone, but not as batches do. */
  private static final long SEED = 0x4875746368696e73L;

  /** ∛2⁻⁵², where the difference's error, h²/6 of third derivatives, is that of its rounding. */
  private static final double LENGTH = StrictMath.cbrt(0x1p-52);

  private Hutchinson() {}

  static double[] diagonal(BatchObjective objective, double[] parameters, long step) {
    double[] signs = new double[parameters.length];
    for (int j = 0; j < signs.length; j++) {
      signs[j] = (CounterRandom.bits(SEED, step, j, 0) & 1) == 0 ? 1 : -1;
    }
    for (Slice buffer : objective.buffers()) {
      Arrays.fill(signs, buffer.from(), buffer.from() + buffer.length(), 0);
    }
    double h = LENGTH * Math.max(1, Arrays.stream(parameters).map(Math::abs).max().orElse(0));
    double[] ahead = objective.evaluate(moved(parameters, h, signs), step).gradient();
    double[] behind = objective.evaluate(moved(parameters, -h, signs), step).gradient();
    double[] diagonal = new double[signs.length];
    for (int j = 0; j < diagonal.length; j++) {
      diagonal[j] = signs[j] == 0 ? 0 : signs[j] * (ahead[j] - behind[j]) / (2 * h);
    }
    return diagonal;
  }

  private static double[] moved(double[] parameters, double h, double[] signs) {
    double[] moved = parameters.clone();
    for (int j = 0; j < moved.length; j++) {
      moved[j] += h * signs[j];
    }
    return moved;
  }
}
