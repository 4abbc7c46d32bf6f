package dev.talweg.optimizer.transform;

/**
 * Adamax (Kingma and Ba 2015, section 7.1): Adam in the infinity norm. m ← m + (1 − β₁)(u − m), w ←
 * max(β₂ w, |u|), u ← m̂/w.
 *
 * <p>ε keeps w from 0: inside of the maximum, max(β₂ w, |u| + ε), in PyTorch and optax; added to
 * the denominator, w + ε, in Keras and TensorFlow.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 */
public record ScaleByAdamax(double beta1, double beta2, double epsilon, Floor floor)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  /** Where ε stands. */
  public enum Floor {
    IN_MAXIMUM,
    IN_DENOMINATOR
  }

  public ScaleByAdamax {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  @Override
  public ScaleByAdam.State init(int dimension) {
    return ScaleByAdam.State.zero(dimension);
  }

  @Override
  public ScaleByAdam.State update(double[] updates, ScaleByAdam.State state, Step step) {
    double[] m = state.mean();
    double[] w = state.square();
    long steps = state.steps() + 1;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double inside = floor == Floor.IN_MAXIMUM ? epsilon : 0;
    double outside = epsilon - inside;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      w[j] = Math.max(beta2 * w[j], Math.abs(u) + inside);
      updates[j] = m[j] / c1 / (w[j] + outside);
    }
    return new ScaleByAdam.State(m, w, steps);
  }
}
