package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Rectified;

/**
 * AdaBelief (Zhuang et al. 2020): the variance around the mean instead of the mean square. m ← m +
 * (1 − β₁)(u − m), s ← β₂ s + (1 − β₂)(u − m)² + ε₀, u ← m̂/(√ŝ + ε).
 *
 * <p>With the largest s so far it is AMSGrad's; rectified, it waits as RAdam does: until ρ_t is at
 * least 5 u ← m̂, then r_t m̂ √(1 − β₂ᵗ)/(√s + ε).
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, after the correction; small, for s is small where gradients agree
 * @param root ε₀, added to s at every step
 * @param bound which s divides
 */
public record ScaleByAdabelief(
    double beta1,
    double beta2,
    double epsilon,
    double root,
    ScaleByAdam.Mean mean,
    Bound bound,
    Start start)
    implements GradientTransform<ScaleByAdabelief.State> {
  private static final long serialVersionUID = 1L;

  /** The first steps. */
  public enum Start {
    AT_ONCE,
    RECTIFIED
  }

  /** m, s, the largest s (empty where it is not kept) and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] square, double[] largest, long steps) {}

  /** As it was published. */
  public ScaleByAdabelief(
      double beta1, double beta2, double epsilon, double root, ScaleByAdam.Mean mean) {
    this(beta1, beta2, epsilon, root, mean, Bound.CURRENT, Start.AT_ONCE);
  }

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
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], bound.memory(dimension), 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] largest = state.largest();
    double[] m = state.mean();
    double[] s = state.square();
    long steps = state.steps() + 1;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double next = 1 - StrictMath.pow(beta1, steps + 1.0);
    double rootCorrection = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps));
    boolean rectified = start == Start.RECTIFIED;
    Rectified when = new Rectified(rectified ? beta2 : 0.999, 0);
    boolean waits = rectified && when.length(steps - 1) < 5;
    double factor = rectified ? when.at(steps - 1) * rootCorrection : 1;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      double error = u - m[j];
      s[j] = beta2 * s[j] + (1 - beta2) * error * error + root;
      double above =
          mean == ScaleByAdam.Mean.PLAIN ? m[j] / c1 : beta1 * m[j] / next + (1 - beta1) * u / c1;
      double square = bound.of(s[j], largest, j);
      if (rectified) {
        updates[j] = waits ? above : factor * above / (Math.sqrt(square) + epsilon);
      } else {
        updates[j] = above / (Math.sqrt(square) / rootCorrection + epsilon);
      }
    }
    return new State(m, s, largest, steps);
  }
}
