package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * Yogi (Zaheer et al. 2018): v moves by at most (1 − β₂) u² a step, so it cannot forget fast. m ←
 * β₁ m + (1 − β₁) u, v ← v − (1 − β₂) sign(v − u²) u², u ← m̂/(√v̂ + ε).
 *
 * <p>In optax and pytorch_optimizer both m and v begin at a small number and are bias-corrected
 * nevertheless, which the paper does not do; an m that does not begin at 0 moves without gradients.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param initial v before the first step, at least 0
 * @param initialMean m before the first step
 */
public record ScaleByYogi(
    double beta1, double beta2, double epsilon, double initial, double initialMean)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByYogi {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("initial", initial);
  }

  @Override
  public ScaleByAdam.State init(int dimension) {
    double[] mean = new double[dimension];
    Arrays.fill(mean, initialMean);
    double[] square = new double[dimension];
    Arrays.fill(square, initial);
    return new ScaleByAdam.State(mean, square, 0);
  }

  @Override
  public ScaleByAdam.State update(double[] updates, ScaleByAdam.State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    long steps = state.steps() + 1;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double rootCorrection = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps));
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] = beta1 * m[j] + (1 - beta1) * u;
      v[j] -= (1 - beta2) * Math.signum(v[j] - u * u) * u * u;
      updates[j] = m[j] / c1 / (Math.sqrt(v[j]) / rootCorrection + epsilon);
    }
    return new ScaleByAdam.State(m, v, steps);
  }
}
