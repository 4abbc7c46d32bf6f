package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * Adan (Xie et al. 2022), with the difference of gradients d = u − u₋₁: m ← β₁ m + (1 − β₁) u, v ←
 * β₂ v + (1 − β₂) d, n ← β₃ n + (1 − β₃)(u + κ d)², u ← (m̂ + κ v̂)/(√(n̂ + ε₀) + ε).
 *
 * <p>The paper, whose β₂ is our 1 − β₂, has κ = β₂ of ours; optax has κ = 1 − β₂. The first d is 0.
 * The package adan-pytorch only keeps the first gradient for the second d: m, v and n begin there,
 * while the corrections count the step.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param beta3 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param root ε₀, at least 0
 */
public record ScaleByAdan(
    double beta1,
    double beta2,
    double beta3,
    double epsilon,
    double root,
    Difference difference,
    First first)
    implements GradientTransform<ScaleByAdan.State> {
  private static final long serialVersionUID = 1L;

  /** κ, the weight of the difference. */
  public enum Difference {
    /** κ = β₂. */
    PAPER,
    /** κ = 1 − β₂. */
    OPTAX
  }

  /** What becomes of the first gradient. */
  public enum First {
    USED,
    /** Nothing moves, and no moment begins. */
    KEPT
  }

  public ScaleByAdan {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkShare("beta3", beta3);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
  }

  /** Whose first gradient is one like the others. */
  public ScaleByAdan(
      double beta1,
      double beta2,
      double beta3,
      double epsilon,
      double root,
      Difference difference) {
    this(beta1, beta2, beta3, epsilon, root, difference, First.USED);
  }

  /** m, v, n, the gradient before and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] mean, double[] change, double[] square, double[] before, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(
        new double[dimension],
        new double[dimension],
        new double[dimension],
        new double[dimension],
        0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.change();
    double[] n = state.square();
    double[] before = state.before();
    long steps = state.steps() + 1;
    if (steps == 1 && first == First.KEPT) {
      System.arraycopy(updates, 0, before, 0, before.length);
      Arrays.fill(updates, 0);
      return new State(m, v, n, before, steps);
    }
    double kappa = difference == Difference.PAPER ? beta2 : 1 - beta2;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double c2 = 1 - StrictMath.pow(beta2, (double) steps);
    double c3 = 1 - StrictMath.pow(beta3, (double) steps);
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      double d = steps == 1 ? 0 : u - before[j];
      before[j] = u;
      m[j] = beta1 * m[j] + (1 - beta1) * u;
      v[j] = beta2 * v[j] + (1 - beta2) * d;
      double ahead = u + kappa * d;
      n[j] = beta3 * n[j] + (1 - beta3) * ahead * ahead;
      updates[j] = (m[j] / c1 + kappa * v[j] / c2) / (Math.sqrt(n[j] / c3 + root) + epsilon);
    }
    return new State(m, v, n, before, steps);
  }
}
