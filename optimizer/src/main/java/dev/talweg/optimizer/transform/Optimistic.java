package dev.talweg.optimizer.transform;

/**
 * Optimistic gradients (Popov 1980; Rakhlin and Sridharan 2013): the gradient to come is guessed to
 * change as the last one did, u ← α u + β (u − u₋₁), where the first change is 0. Before the rate
 * it is optimistic gradient descent, after Adam's scaling optimistic Adam (Daskalakis et al. 2018).
 *
 * @param alpha weight of the gradient, above 0
 * @param optimism β, weight of its change, at least 0
 */
public record Optimistic(double alpha, double optimism)
    implements GradientTransform<Optimistic.State> {
  private static final long serialVersionUID = 1L;

  public Optimistic {
    Ranges.checkAboveZero("alpha", alpha);
    Ranges.checkNotNegative("optimism", optimism);
  }

  /** The gradient before, and whether there was one. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] before, boolean begun) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], false);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] before = state.before();
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      double last = state.begun() ? before[j] : u;
      before[j] = u;
      updates[j] = (alpha + optimism) * u - optimism * last;
    }
    return new State(before, true);
  }
}
