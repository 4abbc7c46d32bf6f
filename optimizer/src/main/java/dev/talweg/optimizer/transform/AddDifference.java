package dev.talweg.optimizer.transform;

/**
 * The gradient and how it changed: u ← α u + β (u − u′) with the gradient u′ of the step before.
 *
 * <p>Optimistic gradients (Popov 1980; Rakhlin and Sridharan 2013) guess the gradient to change as
 * it did last: before the rate it is optimistic gradient descent, after Adam's scaling optimistic
 * Adam (Daskalakis et al. 2018). With α = 1 and β = γ β₁/(1 − β₁) it is what MARS (Yuan et al.
 * 2024) calls its approximate variance reduction; the exact one has u′ of this step's batch, which
 * takes a second gradient.
 *
 * @param weight α, above 0
 * @param factor β, at least 0
 */
public record AddDifference(double weight, double factor, First first)
    implements GradientTransform<AddDifference.State> {
  private static final long serialVersionUID = 1L;

  /** The change of the first gradient. */
  public enum First {
    NONE,
    /** The gradient, as from 0. */
    WHOLE
  }

  public AddDifference {
    Ranges.checkAboveZero("weight", weight);
    Ranges.checkNotNegative("factor", factor);
  }

  /** u′, and whether there was one. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] before, boolean begun) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], first == First.WHOLE);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] before = state.before();
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      double change = state.begun() ? u - before[j] : 0;
      updates[j] = weight * u + factor * change;
      before[j] = u;
    }
    return new State(before, true);
  }
}
