package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * Gradient descent with D-Adaptation (Defazio and Mishchenko 2023), a whole rule: with δ = d
 * η/‖g₀‖, n ← n + δ ⟨g, s⟩, s ← s + δ g, d ← max(d, min(2n/‖s‖, d · growth)), and x ← μ x + (1 −
 * μ)(x₀ − s). ‖g₀‖ is of the first gradient without decay, as in the package.
 *
 * @param learningRate η, a multiple of d
 * @param momentum μ, in [0, 1)
 * @param first d₀, above 0, much smaller than any distance
 * @param growth above 1, or infinite
 * @param decay λ, added to gradients as λ x
 */
public record DAdaptSgd(
    Schedule learningRate, double momentum, double first, double growth, double decay)
    implements GradientTransform<DAdaptSgd.State> {
  private static final long serialVersionUID = 1L;

  public DAdaptSgd {
    Ranges.checkShare("momentum", momentum);
    Ranges.checkAboveZero("d0", first);
    Ranges.checkNotNegative("decay", decay);
    Ranges.checkAboveOne("growth", growth);
  }

  /** s, x₀, ‖g₀‖ (0 before a gradient), n and d. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] sum, double[] origin, double norm, double numerator, double distance) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], 0, 0, first);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] s = state.sum();
    double[] origin = state.origin();
    double[] x = step.parameters();
    double norm = state.norm();
    if (norm == 0) {
      norm = Norms.euclidean(updates);
      System.arraycopy(x, 0, origin, 0, origin.length);
      if (norm == 0) {
        return state;
      }
    }
    double d = state.distance();
    double eta = step.now(learningRate);
    double delta = d * eta / norm;
    double inner = 0;
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j] + decay * x[j];
      inner += g * s[j];
      s[j] += delta * g;
    }
    double numerator = state.numerator() + delta * inner;
    double length = Norms.euclidean(s);
    if (eta > 0 && length > 0) {
      d = Math.max(d, Math.min(2 * numerator / length, d * growth));
    }
    for (int j = 0; j < updates.length; j++) {
      updates[j] = (1 - momentum) * (origin[j] - s[j] - x[j]);
    }
    return new State(s, origin, norm, numerator, d);
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
