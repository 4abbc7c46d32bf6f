package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * AdEMAMix (Pagliardini, Ablin and Grangier 2024): Adam with a second, slow mean, which remembers
 * tens of thousands of gradients. m ← m + (1 − β₁)(u − m), s ← s + (1 − β₃)(u − s), v ← β₂ v + (1 −
 * β₂) u², u ← (m̂ + α s)/(√(v̂ + ε₀) + ε). The slow mean is not bias-corrected: it fills slowly.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param beta3 in [0, 1) at every step
 * @param alpha α, weight of the slow mean
 * @param epsilon above 0, in units of the gradient
 * @param root ε₀, at least 0
 */
public record ScaleByAdemamix(
    double beta1, double beta2, Schedule beta3, Schedule alpha, double epsilon, double root)
    implements GradientTransform<ScaleByAdemamix.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAdemamix {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkShare("beta3", beta3);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
  }

  /** m, s, v and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] slow, double[] square, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], new double[dimension], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] s = state.slow();
    double[] v = state.square();
    long steps = state.steps() + 1;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double c2 = 1 - StrictMath.pow(beta2, (double) steps);
    double fresh = 1 - beta3.at(step.number());
    double weight = alpha.at(step.number());
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      s[j] += fresh * (u - s[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      updates[j] = (m[j] / c1 + weight * s[j]) / (Math.sqrt(v[j] / c2 + root) + epsilon);
    }
    return new State(m, s, v, steps);
  }
}
