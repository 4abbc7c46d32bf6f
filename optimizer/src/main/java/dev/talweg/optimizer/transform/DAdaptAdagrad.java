package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;

/**
 * Adagrad with D-Adaptation (Defazio and Mishchenko 2023), a whole rule: with δ = d η, a ← a + g²,
 * s ← s + δ g, q ← q + δ² Σ g²/(√a + ε), d ← max(d, min((Σ s²/(√a + ε) − q)/‖s‖₁, d · growth)), and
 * x ← μ x + (1 − μ)(x₀ − s/(√a + ε)). The sum of s² is of the a that was there when its entry last
 * changed, so both are summed by their changes, as in the package.
 *
 * @param learningRate η, a multiple of d
 * @param momentum μ, in [0, 1)
 * @param epsilon at least 0
 * @param first d₀, above 0, much smaller than any distance
 * @param growth above 1, or infinite
 */
public record DAdaptAdagrad(
    Schedule learningRate, double momentum, double epsilon, double first, double growth)
    implements GradientTransform<DAdaptAdagrad.State> {
  private static final long serialVersionUID = 1L;

  /** a before the first step, of the package. */
  private static final double INITIAL = 1e-6;

  public DAdaptAdagrad {
    Ranges.checkShare("momentum", momentum);
    Ranges.checkNotNegative("epsilon", epsilon);
    Ranges.checkAboveZero("d0", first);
    Ranges.checkAboveOne("growth", growth);
  }

  /** a, s, x₀, Σ s²/(√a + ε), ‖s‖₁, q, d and whether x₀ is there. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] square,
      double[] sum,
      double[] origin,
      double weighted,
      double length,
      double gradients,
      double distance,
      boolean begun) {}

  @Override
  public State init(int dimension) {
    double[] square = new double[dimension];
    Arrays.fill(square, INITIAL);
    return new State(square, new double[dimension], new double[dimension], 0, 0, 0, first, false);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] a = state.square();
    double[] s = state.sum();
    double[] origin = state.origin();
    double[] x = step.parameters();
    if (!state.begun()) {
      System.arraycopy(x, 0, origin, 0, origin.length);
    }
    double d = state.distance();
    double eta = step.now(learningRate);
    double delta = d * eta;
    double gradients = 0;
    double weighted = 0;
    double before = 0;
    double length = 0;
    double lengthBefore = 0;
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j];
      before += s[j] * s[j] / (Math.sqrt(a[j]) + epsilon);
      lengthBefore += Math.abs(s[j]);
      a[j] += g * g;
      s[j] += delta * g;
      double root = Math.sqrt(a[j]) + epsilon;
      gradients += g * g / root;
      weighted += s[j] * s[j] / root;
      length += Math.abs(s[j]);
    }
    weighted = state.weighted() + (weighted - before);
    length = state.length() + (length - lengthBefore);
    if (length == 0) {
      Arrays.fill(updates, 0);
      return new State(a, s, origin, weighted, length, state.gradients(), d, true);
    }
    gradients = state.gradients() + delta * delta * gradients;
    if (eta > 0) {
      d = Math.max(d, Math.min((weighted - gradients) / length, d * growth));
    }
    for (int j = 0; j < updates.length; j++) {
      double z = origin[j] - s[j] / (Math.sqrt(a[j]) + epsilon);
      updates[j] = (1 - momentum) * (z - x[j]);
    }
    return new State(a, s, origin, weighted, length, gradients, d, true);
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
