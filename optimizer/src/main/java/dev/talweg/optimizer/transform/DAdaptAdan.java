package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;

/**
 * Adan with D-Adaptation (Defazio and Mishchenko 2023, the package's form), a whole rule: with δ =
 * d η and the difference of gradients e = g − g₋₁, m ← β₁ m + δ(1 − β₁) g, v ← β₂ v + δ(1 − β₂) e,
 * n ← β₃ n + (1 − β₃)(g + β₂ e)², s ← β₃ s + δ(1 − β₃) g, q ← β₃ q + δ²(1 − β₃) Σ g²/(√n + ε), d ←
 * max(d, min((Σ s²/(√n + ε)/(1 − β₃) − q)/‖s‖₁, d · growth)), and x ← x − (m + β₂ v)/(√n + ε).
 * Nothing is bias-corrected, and the first e is 0.
 *
 * @param learningRate η, a multiple of d
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param beta3 in [0, 1)
 * @param epsilon above 0
 * @param first d₀, above 0, much smaller than any rate
 * @param growth above 1, or infinite
 * @param decay λ, times δ
 */
public record DAdaptAdan(
    Schedule learningRate,
    double beta1,
    double beta2,
    double beta3,
    double epsilon,
    double first,
    double growth,
    double decay,
    Decay form)
    implements GradientTransform<DAdaptAdan.State> {
  private static final long serialVersionUID = 1L;

  /** How λ shrinks parameters. */
  public enum Decay {
    /** (x + u)/(1 + δ λ), as Adan's paper. */
    PROXIMAL,
    /** (1 − δ λ) x + u. */
    DECOUPLED
  }

  public DAdaptAdan {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkShare("beta3", beta3);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkAboveZero("d0", first);
    Ranges.checkNotNegative("decay", decay);
    Ranges.checkAboveOne("growth", growth);
  }

  /** m, v, n, s, the gradient before, q, d and whether there was a step. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] mean,
      double[] change,
      double[] square,
      double[] sum,
      double[] before,
      double gradients,
      double distance,
      boolean begun) {}

  @Override
  public State init(int dimension) {
    return new State(
        new double[dimension],
        new double[dimension],
        new double[dimension],
        new double[dimension],
        new double[dimension],
        0,
        first,
        false);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.change();
    double[] n = state.square();
    double[] s = state.sum();
    double[] before = state.before();
    double[] x = step.parameters();
    double d = state.distance();
    double eta = step.now(learningRate);
    double delta = d * eta;
    double gradients = 0;
    double weighted = 0;
    double length = 0;
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j];
      double e = state.begun() ? g - before[j] : 0;
      before[j] = g;
      double ahead = g + beta2 * e;
      m[j] = beta1 * m[j] + delta * (1 - beta1) * g;
      v[j] = beta2 * v[j] + delta * (1 - beta2) * e;
      n[j] = beta3 * n[j] + (1 - beta3) * (ahead * ahead);
      double root = Math.sqrt(n[j]) + epsilon;
      gradients += g * g / root;
      s[j] = beta3 * s[j] + delta * (1 - beta3) * g;
      weighted += s[j] * s[j] / root;
      length += Math.abs(s[j]);
    }
    if (length == 0) {
      Arrays.fill(updates, 0);
      return new State(m, v, n, s, before, state.gradients(), d, false);
    }
    gradients = beta3 * state.gradients() + gradients * (delta * delta) * (1 - beta3);
    if (eta > 0) {
      double estimate = (weighted / (1 - beta3) - gradients) / length;
      d = Math.max(d, Math.min(estimate, d * growth));
    }
    double shrinking = delta * decay;
    for (int j = 0; j < updates.length; j++) {
      double u = -(m[j] + beta2 * v[j]) / (Math.sqrt(n[j]) + epsilon) - shrinking * x[j];
      updates[j] = form == Decay.PROXIMAL ? u / (1 + shrinking) : u;
    }
    return new State(m, v, n, s, before, gradients, d, true);
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
