package dev.talweg.optimizer.transform;

/**
 * Padam (Chen et al. 2020): partially adaptive, between gradient descent with p = 0 and Adam with p
 * = 1/2. m ← m + (1 − β₁)(u − m), v ← β₂ v + (1 − β₂) u², u ← m̂ √(1 − β₂ᵗ)/(√v + ε)²ᵖ.
 *
 * <p>That is pytorch_optimizer's form. The paper divides by AMSGrad's largest v and corrects
 * nothing.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param partial p, above 0 and at most 1
 */
public record ScaleByPadam(double beta1, double beta2, double epsilon, double partial)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByPadam {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    if (!(partial > 0 && partial <= 1)) {
      throw new IllegalArgumentException("partial is above 0 and at most 1, not " + partial);
    }
  }

  @Override
  public ScaleByAdam.State init(int dimension) {
    return ScaleByAdam.State.zero(dimension);
  }

  @Override
  public ScaleByAdam.State update(double[] updates, ScaleByAdam.State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    long steps = state.steps() + 1;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double factor = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps)) / c1;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      updates[j] = factor * m[j] / StrictMath.pow(Math.sqrt(v[j]) + epsilon, 2 * partial);
    }
    return new ScaleByAdam.State(m, v, steps);
  }
}
