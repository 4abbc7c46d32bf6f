package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * Adai (Xie et al. 2022): gradient descent whose momentum, not whose rate, differs by entry. v ← β₂
 * v + (1 − β₂) u², μ = 1 − β₀ (v̂/v̄)^{1/(3 − 2δ)} within [0, 1 − ε] with v̄ the mean of v̂ over
 * all entries, but at least ε; m ← μ m + (1 − μ)^δ u, u ← β₀^{1 − δ} m/(1 − Π μ).
 *
 * @param scale β₀, in [0, 1)
 * @param beta2 in [0, 1)
 * @param dampening δ, in [0, 1]
 * @param epsilon in (0, 1)
 */
public record ScaleByAdai(double scale, double beta2, double dampening, double epsilon)
    implements GradientTransform<ScaleByAdai.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAdai {
    Ranges.checkShare("scale", scale);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkShare("epsilon", epsilon);
    Ranges.checkUpToOne("dampening", dampening);
  }

  /** m, v, Π μ and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] square, double[] product, long steps) {}

  @Override
  public State init(int dimension) {
    double[] product = new double[dimension];
    Arrays.fill(product, 1);
    return new State(new double[dimension], new double[dimension], product, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    double[] product = state.product();
    long steps = state.steps() + 1;
    double c2 = 1 - StrictMath.pow(beta2, (double) steps);
    double sum = 0;
    for (int j = 0; j < updates.length; j++) {
      v[j] = beta2 * v[j] + (1 - beta2) * updates[j] * updates[j];
      sum += v[j];
    }
    double average = Math.max(sum / c2 / updates.length, epsilon);
    double power = 1 / (3 - 2 * dampening);
    double factor = StrictMath.pow(scale, 1 - dampening);
    for (int j = 0; j < updates.length; j++) {
      double lost = scale * StrictMath.pow(v[j] / c2 / average, power);
      double mu = Math.min(Math.max(1 - lost, 0), 1 - epsilon);
      product[j] *= mu;
      m[j] = mu * m[j] + StrictMath.pow(1 - mu, dampening) * updates[j];
      updates[j] = factor * m[j] / (1 - product[j]);
    }
    return new State(m, v, product, steps);
  }
}
