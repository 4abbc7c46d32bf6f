package dev.talweg.optimizer.transform;

/**
 * Sophia's scaling (Liu, Li, Hall, Liang and Ma, ICLR 2024): m ← β₁ m + (1 − β₁) u; every k-th step
 * h ← β₂ h + (1 − β₂) diag ∇²f, by what {@link Step#curvature} gives; u ← m̂/max(γ h, ε), cut to
 * ±c: Newton's step where curvature is known to be large, the sign of the mean elsewhere. m̂ is
 * bias-corrected as in optax; the paper's m is not.
 *
 * @param beta1 β₁, in [0, 1)
 * @param beta2 β₂, in [0, 1)
 * @param epsilon ε, above 0
 * @param gamma γ, above 0
 * @param most c, above 0; infinite for no cut
 * @param every k, at least 1
 */
public record ScaleBySophia(
    double beta1, double beta2, double epsilon, double gamma, double most, long every, Order order)
    implements GradientTransform<ScaleBySophia.State> {
  private static final long serialVersionUID = 1L;

  /** Whether a step divides by the curvature that is measured in it. */
  public enum Order {
    /** The paper's. */
    MEASURE_FIRST,
    /** optax': the first step is one of signs. */
    MEASURE_AFTER
  }

  public ScaleBySophia {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkAboveZero("gamma", gamma);
    Ranges.checkCount("every", every);
    if (!(most > 0)) {
      throw new IllegalArgumentException("most is above 0, not " + most);
    }
  }

  /** m, h, and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] curvature, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] h = state.curvature();
    boolean measures = state.steps() % every == 0;
    if (measures && order == Order.MEASURE_FIRST) {
      measure(h, step);
    }
    double correction = 1 - StrictMath.pow(beta1, state.steps() + 1.0);
    for (int j = 0; j < updates.length; j++) {
      m[j] = beta1 * m[j] + (1 - beta1) * updates[j];
      double way = m[j] / correction / Math.max(gamma * h[j], epsilon);
      updates[j] = Math.max(-most, Math.min(way, most));
    }
    if (measures && order == Order.MEASURE_AFTER) {
      measure(h, step);
    }
    return new State(m, h, state.steps() + 1);
  }

  private void measure(double[] h, Step step) {
    double[] diagonal = step.curvature().diagonal();
    for (int j = 0; j < h.length; j++) {
      h[j] = beta2 * h[j] + (1 - beta2) * diagonal[j];
    }
  }
}
