package dev.talweg.optimizer.transform;

/**
 * AdaSmooth (Lu 2022): RMSprop that remembers as long as its way is straight. Of the way of each
 * parameter so far, s ← s + Δx and n ← n + |Δx| give the effective ratio e = |s|/(n + ε), the share
 * c = (1 − β₂) + (β₂ − β₁) e, and v ← v + c²(u² − v), u ← u/√(v + ε).
 *
 * @param beta1 β₁ of a straight way, in [0, 1)
 * @param beta2 β₂ of a way to and fro, in [0, 1)
 * @param epsilon above 0
 */
public record ScaleByAdasmooth(double beta1, double beta2, double epsilon)
    implements GradientTransform<ScaleByAdasmooth.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAdasmooth {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** s, n, v, the parameters of the step before, and whether there was one. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] way, double[] length, double[] square, double[] before, boolean begun) {}

  @Override
  public State init(int dimension) {
    return new State(
        new double[dimension],
        new double[dimension],
        new double[dimension],
        new double[dimension],
        false);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] s = state.way();
    double[] n = state.length();
    double[] v = state.square();
    double[] before = state.before();
    double[] x = step.parameters();
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      double moved = state.begun() ? x[j] - before[j] : 0;
      before[j] = x[j];
      s[j] += moved;
      n[j] += Math.abs(moved);
      double share = Math.abs(s[j]) / (n[j] + epsilon) * (beta2 - beta1) + (1 - beta2);
      v[j] += share * share * (u * u - v[j]);
      updates[j] = u / Math.sqrt(v[j] + epsilon);
    }
    return new State(s, n, v, before, true);
  }
}
