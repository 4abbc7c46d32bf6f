package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * AdaMod (Ding et al. 2019): Adam whose entries' rates are at most their own running mean, so that
 * none jumps. m ← m + (1 − β₁)(u − m), v ← β₂ v + (1 − β₂) u², r = η_t √(1 − β₂ᵗ)/((1 − β₁ᵗ)(√v +
 * ε)), s ← β₃ s + (1 − β₃) r, u ← m · min(r, s): the learning rate is in it, and no word of the
 * chain after.
 *
 * @param rate η
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param beta3 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 */
public record ScaleByAdamod(Schedule rate, double beta1, double beta2, double beta3, double epsilon)
    implements GradientTransform<ScaleByAdamod.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAdamod {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkShare("beta3", beta3);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** m, v, s and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] square, double[] rates, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], new double[dimension], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    double[] s = state.rates();
    long steps = state.steps() + 1;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double rootCorrection = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps));
    double eta = step.now(rate) * rootCorrection / c1;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      double r = eta / (Math.sqrt(v[j]) + epsilon);
      s[j] = beta3 * s[j] + (1 - beta3) * r;
      updates[j] = m[j] * Math.min(r, s[j]);
    }
    return new State(m, v, s, steps);
  }

  @Override
  public double learningRate(long step) {
    return rate.at(step);
  }
}
