package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Rectified;

/**
 * diffGrad (Dubey et al. 2020): Adam with a friction where the gradient does not change. m ← m + (1
 * − β₁)(u − m), v ← β₂ v + (1 − β₂) u², u ← ξ m̂ √(1 − β₂ᵗ)/(√(v + ε₀) + ε) with ξ = 1/(1 + e^{−|u
 * − u₋₁|}), from ½ where nothing changed to 1; the gradient before the first is 0.
 *
 * <p>It may wait as RAdam does, until ρ_t reaches a threshold; then r_t is a factor.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1), above 0.6 if it waits
 * @param epsilon above 0, in units of the gradient
 * @param root ε₀, at least 0, in units of its square
 * @param bound which v divides
 * @param start the first steps
 * @param threshold of ρ_t, at least 4
 */
public record ScaleByDiffgrad(
    double beta1,
    double beta2,
    double epsilon,
    double root,
    Bound bound,
    Start start,
    double threshold)
    implements GradientTransform<ScaleByDiffgrad.State> {
  private static final long serialVersionUID = 1L;

  /** Below the threshold. */
  public enum Start {
    /** As later: it does not wait. */
    AT_ONCE,
    /** u ← m̂. */
    MOMENTUM,
    /** No step. */
    STILL
  }

  public ScaleByDiffgrad {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
    if (!(threshold >= 4)) {
      throw new IllegalArgumentException("the threshold is at least 4, not " + threshold);
    }
    if (start != Start.AT_ONCE && !(beta2 > 0.6)) {
      throw new IllegalArgumentException("a rule that waits has a beta2 above 0.6, not " + beta2);
    }
  }

  /** m, v, the largest v (empty where it is not kept), the gradient before, the steps so far. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] mean, double[] square, double[] largest, double[] before, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(
        new double[dimension],
        new double[dimension],
        bound.memory(dimension),
        new double[dimension],
        0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    double[] largest = state.largest();
    double[] before = state.before();
    long steps = state.steps() + 1;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double factor = factor(steps);
    double early = start == Start.MOMENTUM ? 1 : 0;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      double friction = 1 / (1 + StrictMath.exp(-Math.abs(u - before[j])));
      before[j] = u;
      double below = Math.sqrt(bound.of(v[j], largest, j) + root) + epsilon;
      updates[j] = m[j] / c1 * (factor == 0 ? early : factor * friction / below);
    }
    return new State(m, v, largest, before, steps);
  }

  /** √(1 − β₂ᵗ), times r_t where it waits; 0 while it does. */
  private double factor(long steps) {
    double correction = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps));
    if (start == Start.AT_ONCE) {
      return correction;
    }
    Rectified rectified = new Rectified(beta2, 0);
    return rectified.length(steps - 1) < threshold ? 0 : correction * rectified.at(steps - 1);
  }
}
