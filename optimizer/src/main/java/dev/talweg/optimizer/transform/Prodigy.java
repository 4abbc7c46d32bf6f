package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;

/**
 * Prodigy (Mishchenko and Defazio 2024), a whole rule: Adam whose rate d is a lower bound of the
 * distance to the solution, found while training. With weights of the package: n ← β₃ n + d/d₀ · δ
 * ⟨g, x₀ − x⟩, s ← β₃ s + d/d₀ · δ g with δ = d η, and d ← max(d, d_c n/‖s‖₁), at most {@code
 * growth} times d. m and v are of d g and d² g²; x ← x − δ m/(√v + d ε).
 *
 * @param learningRate η, a multiple of d: 1, or a schedule that ends at 0
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param beta3 in [0, 1); √β₂
 * @param epsilon above 0
 * @param first d₀, above 0, much smaller than any rate
 * @param coefficient d_c, above 0
 * @param growth above 1, or infinite
 * @param decay decoupled, times δ
 * @param stride every so many entries of a tensor estimate the distance, at least 1
 */
public record Prodigy(
    Schedule learningRate,
    double beta1,
    double beta2,
    double beta3,
    double epsilon,
    double first,
    double coefficient,
    double growth,
    double decay,
    Correction correction,
    Warmup warmup,
    long stride)
    implements GradientTransform<Prodigy.State> {
  private static final long serialVersionUID = 1L;

  /** Whether the rate has Adam's bias correction √(1 − β₂ᵗ)/(1 − β₁ᵗ). */
  public enum Correction {
    NONE,
    BIAS
  }

  /** How s grows while η is small. */
  public enum Warmup {
    PLAIN,
    /** s ← β₃ s + d/d₀ · d g, without η. */
    SAFEGUARDED
  }

  public Prodigy {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkShare("beta3", beta3);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkAboveZero("d0", first);
    Ranges.checkAboveZero("coefficient", coefficient);
    Ranges.checkNotNegative("decay", decay);
    Ranges.checkCount("stride", stride);
    Ranges.checkAboveOne("growth", growth);
  }

  /** m, v, s, x₀, n, d, the largest estimate of d, and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] mean,
      double[] square,
      double[] sum,
      double[] origin,
      double numerator,
      double distance,
      double largest,
      long steps) {}

  @Override
  public State init(int dimension) {
    return new State(
        new double[dimension],
        new double[dimension],
        new double[dimension],
        new double[dimension],
        0,
        first,
        first,
        0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    double[] s = state.sum();
    double[] origin = state.origin();
    double[] x = step.parameters();
    if (state.steps() == 0) {
      System.arraycopy(x, 0, origin, 0, origin.length);
    }
    double d = state.distance();
    double eta = step.now(learningRate);
    double delta = d * eta * correction(state.steps() + 1);
    double weight = d / first;
    double numerator = state.numerator() * beta3;
    double inner = 0;
    double denominator = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      for (int j = tensor.from(); j < tensor.end(); j++) {
        double g = updates[j];
        m[j] = beta1 * m[j] + d * (1 - beta1) * g;
        v[j] = beta2 * v[j] + d * d * (1 - beta2) * g * g;
        if ((j - tensor.from()) % stride == 0) {
          inner += g * (origin[j] - x[j]);
          s[j] = beta3 * s[j] + weight * (warmup == Warmup.SAFEGUARDED ? d : delta) * g;
          denominator += Math.abs(s[j]);
        }
      }
    }
    numerator += weight * delta * inner;
    if (denominator == 0) {
      Arrays.fill(updates, 0);
      return new State(m, v, s, origin, numerator, d, state.largest(), state.steps());
    }
    double largest = state.largest();
    if (eta > 0) {
      double estimate = coefficient * numerator / denominator;
      if (d == first) {
        d = Math.max(d, estimate);
      }
      largest = Math.max(largest, estimate);
      d = Math.min(largest, d * growth);
    }
    for (int j = 0; j < updates.length; j++) {
      updates[j] = -delta * m[j] / (Math.sqrt(v[j]) + d * epsilon) - decay * delta * x[j];
    }
    return new State(m, v, s, origin, numerator, d, largest, state.steps() + 1);
  }

  private double correction(long steps) {
    return correction == Correction.NONE
        ? 1
        : Math.sqrt(1 - StrictMath.pow(beta2, (double) steps))
            / (1 - StrictMath.pow(beta1, (double) steps));
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
