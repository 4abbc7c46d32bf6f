package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;

/**
 * Adam with D-Adaptation (Defazio and Mishchenko 2023), a whole rule: with δ = d η and γ = √β₂, n ←
 * γ n + (1 − γ) δ ⟨g, s/(√v + ε)⟩, then m ← β₁ m + δ(1 − β₁) g, v ← β₂ v + (1 − β₂) g², s ← γ s +
 * (1 − γ) δ g, and d ← max(d, min(n/((1 − γ)‖s‖₁), d · growth)); x ← x − m/(√v + ε). The old v
 * weighs the inner product, as in the package.
 *
 * @param learningRate η, a multiple of d
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0
 * @param first d₀, above 0, much smaller than any rate
 * @param growth above 1, or infinite
 * @param decay decoupled, times δ
 */
public record DAdaptAdam(
    Schedule learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double first,
    double growth,
    double decay,
    Prodigy.Correction correction)
    implements GradientTransform<DAdaptAdam.State> {
  private static final long serialVersionUID = 1L;

  public DAdaptAdam {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkAboveZero("d0", first);
    Ranges.checkNotNegative("decay", decay);
    Ranges.checkAboveOne("growth", growth);
  }

  /** m, v, s, n, d and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] mean,
      double[] square,
      double[] sum,
      double numerator,
      double distance,
      long steps) {}

  @Override
  public State init(int dimension) {
    return new State(
        new double[dimension], new double[dimension], new double[dimension], 0, first, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    double[] s = state.sum();
    double[] x = step.parameters();
    double gamma = Math.sqrt(beta2);
    double d = state.distance();
    double eta = step.now(learningRate);
    double delta = d * eta * correction(state.steps() + 1);
    double inner = 0;
    double length = 0;
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j];
      inner += delta * g * (s[j] / (Math.sqrt(v[j]) + epsilon));
      m[j] = beta1 * m[j] + delta * (1 - beta1) * g;
      v[j] = beta2 * v[j] + (1 - beta2) * g * g;
      s[j] = gamma * s[j] + delta * (1 - gamma) * g;
      length += Math.abs(s[j]);
    }
    double numerator = gamma * state.numerator() + (1 - gamma) * inner;
    if (length == 0) {
      Arrays.fill(updates, 0);
      return new State(m, v, s, state.numerator(), d, state.steps());
    }
    if (eta > 0) {
      double estimate = numerator / ((1 - gamma) * length);
      d = Math.max(d, Math.min(estimate, d * growth));
    }
    for (int j = 0; j < updates.length; j++) {
      updates[j] = -m[j] / (Math.sqrt(v[j]) + epsilon) - decay * delta * x[j];
    }
    return new State(m, v, s, numerator, d, state.steps() + 1);
  }

  private double correction(long steps) {
    return correction == Prodigy.Correction.NONE
        ? 1
        : Math.sqrt(1 - StrictMath.pow(beta2, (double) steps))
            / (1 - StrictMath.pow(beta1, (double) steps));
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
