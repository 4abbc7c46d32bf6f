package dev.talweg.optimizer.transform;

/**
 * ADOPT (Taniguchi et al. 2024), which converges for any β₂: a gradient is divided by the root mean
 * square of those before it: n ← u/max(√v, ε), cut to ±c_t; m ← m + (1 − β₁)(n − m); only then v ←
 * β₂ v + (1 − β₂) u²; u ← m. The first step moves nothing and sets v = u².
 *
 * <p>With c_t = t^¼ the libraries differ in t: the steps before this one in optax and the authors'
 * package, this one too in pytorch_optimizer. optax alone has Nesterov's look-ahead.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 */
public record ScaleByAdopt(
    double beta1, double beta2, double epsilon, Limit limit, Momentum.Form form)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  /** What t counts in c_t = t^¼. */
  public enum Limit {
    /** There is no limit. */
    NONE,
    STEPS_BEFORE,
    STEPS;

    private double at(long steps) {
      return switch (this) {
        case NONE -> Double.POSITIVE_INFINITY;
        case STEPS_BEFORE -> StrictMath.pow(steps - 1.0, 0.25);
        case STEPS -> StrictMath.pow((double) steps, 0.25);
      };
    }
  }

  public ScaleByAdopt {
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
    double[] v = state.square();
    long steps = state.steps() + 1;
    double most = limit.at(steps);
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      if (steps == 1) {
        v[j] = u * u;
        updates[j] = 0;
        continue;
      }
      double n = u / Math.max(Math.sqrt(v[j]), epsilon);
      n = Math.max(-most, Math.min(most, n));
      m[j] += (1 - beta1) * (n - m[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      updates[j] = form == Momentum.Form.NESTEROV ? beta1 * m[j] + (1 - beta1) * n : m[j];
    }
    return new ScaleByAdam.State(m, v, steps);
  }
}
