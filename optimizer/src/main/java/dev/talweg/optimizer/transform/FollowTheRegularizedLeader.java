package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;

/**
 * FTRL-Proximal (McMahan et al. 2013), a whole rule: n' = n + g², z ← z + g + 2 s x − (n'^{−p} −
 * n^{−p})/η x, q = n'^{−p}/η + 2 λ₂ + β/η, and x = (sign(z) λ₁ − z)/q where |z| &gt; λ₁, else 0.
 * The power p is −1/2 in the paper.
 *
 * <p>λ₂ is in the libraries' units, half the paper's; β is not doubled. Keras and TensorFlow begin
 * at z = 0, so that their first step forgets where x was ({@link Start#FORGET}); {@link Start#KEEP}
 * begins at the z whose x is the one given, which a warm start needs.
 *
 * @param learningRate η
 * @param l1 λ₁, at least 0: makes exact zeros
 * @param l2 λ₂, at least 0
 * @param shrinkage s, at least 0: decay in the gradient, not in the proximal term
 * @param beta β, at least 0
 * @param initial n before the first step, at least 0
 * @param power p, at most 0
 */
public record FollowTheRegularizedLeader(
    Schedule learningRate,
    double l1,
    double l2,
    double shrinkage,
    double beta,
    double initial,
    double power,
    Start start)
    implements GradientTransform<FollowTheRegularizedLeader.State> {
  private static final long serialVersionUID = 1L;

  /** Where z begins. */
  public enum Start {
    KEEP,
    FORGET
  }

  public FollowTheRegularizedLeader {
    Ranges.checkNotNegative("l1", l1);
    Ranges.checkNotNegative("l2", l2);
    Ranges.checkNotNegative("shrinkage", shrinkage);
    Ranges.checkNotNegative("beta", beta);
    Ranges.checkNotNegative("initial", initial);
    if (!(power <= 0 && power > Double.NEGATIVE_INFINITY)) {
      throw new IllegalArgumentException("the power is at most 0, not " + power);
    }
  }

  /** n and z; z is NaN where it has not begun. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] square, double[] linear) {}

  @Override
  public State init(int dimension) {
    double[] square = new double[dimension];
    Arrays.fill(square, initial);
    double[] linear = new double[dimension];
    Arrays.fill(linear, start == Start.KEEP ? Double.NaN : 0);
    return new State(square, linear);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] n = state.square();
    double[] z = state.linear();
    double[] x = step.parameters();
    double rate = step.now(learningRate);
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j];
      double before = root(n[j]);
      if (Double.isNaN(z[j])) {
        z[j] = -x[j] * (before / rate + 2 * l2 + beta / rate) - Math.signum(x[j]) * l1;
      }
      n[j] += g * g;
      double after = root(n[j]);
      z[j] += g + 2 * shrinkage * x[j] - (after - before) / rate * x[j];
      double curvature = after / rate + 2 * l2 + beta / rate;
      double target =
          Math.abs(z[j]) > l1 && curvature > 0 ? (Math.signum(z[j]) * l1 - z[j]) / curvature : 0;
      updates[j] = target - x[j];
    }
    return new State(n, z);
  }

  private double root(double square) {
    return power == -0.5 ? Math.sqrt(square) : StrictMath.pow(square, -power);
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
