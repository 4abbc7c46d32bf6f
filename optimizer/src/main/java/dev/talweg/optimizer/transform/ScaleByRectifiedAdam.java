package dev.talweg.optimizer.transform;

/**
 * RAdam (Liu et al. 2020): Adam whose adaptive step waits until the variance of 1/√v is tractable.
 * ρ∞ = 2/(1 − β₂) − 1, ρ_t = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ). From the threshold on u ← r_t m̂/(√v̂ + ε) with
 * r_t² = (ρ_t − 4)(ρ_t − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρ_t); below it u ← m̂, plain momentum of the
 * gradient's own scale.
 *
 * <p>PyTorch has ε in the hat form here, unlike in its Adam, and asks for ρ_t &gt; 5; optax has ε
 * after the correction and asks for ρ_t ≥ 5, which is no number ρ_t takes.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param form CORRECTED or HAT
 * @param threshold of ρ_t, at least 4, where r_t is 0
 * @param early what happens below it
 */
public record ScaleByRectifiedAdam(
    double beta1,
    double beta2,
    double epsilon,
    Epsilon form,
    double threshold,
    Early early,
    ScaleByAdam.Mean mean)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  /** Below the threshold. */
  public enum Early {
    /** u ← m̂. */
    MOMENTUM,
    /** No step: pytorch_optimizer without {@code degenerated_to_sgd}. */
    STILL,
    /** u ← −m̂, up the hill: pytorch_optimizer's {@code Ranger}, whose rate is negative there. */
    UPHILL;

    double below(double mean) {
      return switch (this) {
        case MOMENTUM -> mean;
        case STILL -> 0;
        case UPHILL -> -mean;
      };
    }
  }

  public ScaleByRectifiedAdam {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    if (mean == ScaleByAdam.Mean.NESTEROV_ONE_CORRECTION) {
      throw new IllegalArgumentException("the mean is PLAIN or NESTEROV, not " + mean);
    }
    if (!(threshold >= 4 && threshold < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the threshold is at least 4, not " + threshold);
    }
  }

  /** With plain momentum below the threshold. */
  public ScaleByRectifiedAdam(
      double beta1,
      double beta2,
      double epsilon,
      Epsilon form,
      double threshold,
      ScaleByAdam.Mean mean) {
    this(beta1, beta2, epsilon, form, threshold, Early.MOMENTUM, mean);
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
    double next = 1 - StrictMath.pow(beta1, steps + 1.0);
    double power = StrictMath.pow(beta2, (double) steps);
    double c2 = 1 - power;
    double limit = 2 / (1 - beta2) - 1;
    double length = limit - 2 * steps * power / c2;
    boolean tractable = length > threshold;
    double rectifier =
        Math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      double above =
          mean == ScaleByAdam.Mean.PLAIN ? m[j] / c1 : beta1 * m[j] / next + (1 - beta1) * u / c1;
      updates[j] =
          tractable ? rectifier * above / form.denominator(v[j], c2, epsilon) : early.below(above);
    }
    return new ScaleByAdam.State(m, v, steps);
  }
}
