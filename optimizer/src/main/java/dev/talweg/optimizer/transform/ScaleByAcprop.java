package dev.talweg.optimizer.transform;

/**
 * ACProp (Zhuang et al. 2021): AdaBelief's variance around the mean, asynchronous. The gradient
 * itself is divided by the variance of those before it: u ← u/(√ŝ₋₁ + ε), where ŝ₋₁ = s₋₁/(1 −
 * β₂ᵗ⁻¹), and 1 at the first step; s ← β₂ s + (1 − β₂)(u − m₋₁)² + ε₀, m ← m + (1 − β₁)(u − m).
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param root ε₀, at least 0, added to s at every step
 */
public record ScaleByAcprop(double beta1, double beta2, double epsilon, double root)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAcprop {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
  }

  @Override
  public ScaleByAdam.State init(int dimension) {
    return ScaleByAdam.State.zero(dimension);
  }

  @Override
  public ScaleByAdam.State update(double[] updates, ScaleByAdam.State state, Step step) {
    double[] m = state.mean();
    double[] s = state.square();
    long before = state.steps();
    double correction = 1 - StrictMath.pow(beta2, (double) before);
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      double variance = before == 0 ? 1 : s[j] / correction;
      double error = u - m[j];
      s[j] = beta2 * s[j] + (1 - beta2) * error * error + root;
      m[j] += (1 - beta1) * error;
      updates[j] = u / (Math.sqrt(variance) + epsilon);
    }
    return new ScaleByAdam.State(m, s, before + 1);
  }
}
