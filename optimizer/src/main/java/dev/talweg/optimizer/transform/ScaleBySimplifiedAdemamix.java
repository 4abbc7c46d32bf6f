package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * Simplified AdEMAMix (Morwani et al. 2025): one long sum of gradients, and beside it the gradient
 * itself in the place of AdEMAMix' fast mean. m ← β₁ m + u, v ← β₂ v + (1 − β₂) u², u ← (m + α
 * u)/(√(v̂ + ε₀) + ε).
 *
 * <p>That is the paper's and optax' rule. pytorch_optimizer keeps the mean of gradients, m ← m + (1
 * − β₁)(u − m), and divides by the correction 1 − β₂ᵗ of v̂ once more.
 *
 * @param beta1 in [0, 1) at every step
 * @param beta2 in [0, 1)
 * @param alpha α, weight of the gradient, at least 0
 * @param epsilon above 0, in units of the gradient
 * @param root ε₀, at least 0
 */
public record ScaleBySimplifiedAdemamix(
    Schedule beta1,
    double beta2,
    double alpha,
    double epsilon,
    double root,
    Velocity velocity,
    Correction correction)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  /** What m is of gradients. */
  public enum Velocity {
    SUM,
    MEAN
  }

  /** How often 1 − β₂ᵗ divides: within the root, or the whole too. */
  public enum Correction {
    ONCE,
    TWICE
  }

  public ScaleBySimplifiedAdemamix {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkNotNegative("alpha", alpha);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
  }

  @Override
  public ScaleByAdam.State init(int dimension) {
    return ScaleByAdam.State.zero(dimension);
  }

  @Override
  public ScaleByAdam.State update(double[] updates, ScaleByAdam.State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    long steps = state.steps() + 1;
    double kept = beta1.at(step.number());
    double fresh = velocity == Velocity.SUM ? 1 : 1 - kept;
    double c2 = 1 - StrictMath.pow(beta2, (double) steps);
    double again = correction == Correction.ONCE ? 1 : c2;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] = kept * m[j] + fresh * u;
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      updates[j] = (m[j] + alpha * u) / ((Math.sqrt(v[j] / c2 + root) + epsilon) * again);
    }
    return new ScaleByAdam.State(m, v, steps);
  }
}
