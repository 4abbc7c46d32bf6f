package dev.talweg.optimizer.transform;

/**
 * u ← u + c (u − u′) with the gradient u′ of the step before, 0 at first: what MARS (Yuan et al.
 * 2024) calls its approximate variance reduction, c = γ β₁/(1 − β₁). The exact one has u′ of this
 * step's batch, which takes a second gradient.
 *
 * @param factor c, at least 0
 */
public record AddDifference(double factor) implements GradientTransform<AddDifference.State> {
  private static final long serialVersionUID = 1L;

  public AddDifference {
    Ranges.checkNotNegative("factor", factor);
  }

  /** u′. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] before) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension]);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] before = state.before();
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      updates[j] = u + factor * (u - before[j]);
      before[j] = u;
    }
    return new State(before);
  }
}
