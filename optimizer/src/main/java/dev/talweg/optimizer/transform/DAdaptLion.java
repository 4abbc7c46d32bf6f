package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * Lion with D-Adaptation (Defazio and Mishchenko 2023, the package's form), a whole rule: with δ =
 * d η, γ = √β₂ and u = sign(β₁ m + (1 − β₁) g), x ← (1 − δ λ) x − δ u, m ← β₂ m + (1 − β₂) δ g, n ←
 * γ n + (1 − γ) δ ⟨u, s⟩, s ← γ s + (1 − γ) δ u, and d ← max(d, n/((1 − γ)‖s‖₁)).
 *
 * @param learningRate η, a multiple of d
 * @param beta1 in [0, 1)
 * @param beta2 in (0, 1)
 * @param first d₀, above 0, much smaller than any rate
 * @param decay decoupled, times δ
 */
public record DAdaptLion(
    Schedule learningRate, double beta1, double beta2, double first, double decay)
    implements GradientTransform<DAdaptLion.State> {
  private static final long serialVersionUID = 1L;

  public DAdaptLion {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("d0", first);
    Ranges.checkNotNegative("decay", decay);
  }

  /** m, s, n and d. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] sum, double numerator, double distance) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], 0, first);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] s = state.sum();
    double[] x = step.parameters();
    double gamma = Math.sqrt(beta2);
    double d = state.distance();
    double eta = step.now(learningRate);
    double delta = d * eta;
    double inner = 0;
    double length = 0;
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j];
      double u = Math.signum(beta1 * m[j] + (1 - beta1) * g);
      m[j] = beta2 * m[j] + (1 - beta2) * delta * g;
      inner += u * s[j];
      s[j] = gamma * s[j] + (1 - gamma) * delta * u;
      length += Math.abs(s[j]);
      updates[j] = -delta * u - delta * decay * x[j];
    }
    if (length == 0) {
      return state;
    }
    double numerator = gamma * state.numerator() + (1 - gamma) * (delta * inner);
    if (eta > 0) {
      d = Math.max(d, numerator / ((1 - gamma) * length));
    }
    return new State(m, s, numerator, d);
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
