package dev.talweg.optimizer.transform;

/**
 * AdaBelief (Zhuang et al. 2020): the variance around the mean instead of the mean square. m ← m +
 * (1 − β₁)(u − m), s ← β₂ s + (1 − β₂)(u − m)² + ε₀, u ← m̂/(√ŝ + ε).
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, after the correction; small, for s is small where gradients agree
 * @param root ε₀, added to s at every step
 */
public record ScaleByAdabelief(
    double beta1, double beta2, double epsilon, double root, ScaleByAdam.Mean mean)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAdabelief {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    if (mean == ScaleByAdam.Mean.NESTEROV_ONE_CORRECTION) {
      throw new IllegalArgumentException("the mean is PLAIN or NESTEROV, not " + mean);
    }
    Ranges.checkNotNegative("root", root);
  }

  @Override
  public ScaleByAdam.State init(int dimension) {
    return new ScaleByAdam.State(new double[dimension], new double[dimension], 0);
  }

  @Override
  public ScaleByAdam.State update(double[] updates, ScaleByAdam.State state, Step step) {
    double[] m = state.mean();
    double[] s = state.square();
    long steps = state.steps() + 1;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double next = 1 - StrictMath.pow(beta1, steps + 1.0);
    double rootCorrection = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps));
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      double error = u - m[j];
      s[j] = beta2 * s[j] + (1 - beta2) * error * error + root;
      double above =
          mean == ScaleByAdam.Mean.PLAIN ? m[j] / c1 : beta1 * m[j] / next + (1 - beta1) * u / c1;
      updates[j] = above / (Math.sqrt(s[j]) / rootCorrection + epsilon);
    }
    return new ScaleByAdam.State(m, s, steps);
  }
}
