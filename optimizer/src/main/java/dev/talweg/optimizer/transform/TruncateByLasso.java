package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * Lasso for noisy gradients, as the last word of a chain (Tsuruoka, Tsujii and Ananiadou, ACL
 * (2009)): o ← o + r_t is what every weight owes so far, and after the rule's step a weight is
 * pulled to 0, and no further, by what it has not paid yet. Noise that moves a weight off 0 and
 * back is paid for once, so that weights of no use are exactly 0. With r = λ₁ η_t it is the l1 of
 * scikit-learn's SGD.
 *
 * @param rate r, of all parameters
 */
public record TruncateByLasso(Schedule rate) implements GradientTransform<TruncateByLasso.State> {
  private static final long serialVersionUID = 1L;

  /** What each weight owes, and what each was moved by so far, with its sign. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double owed, double[] moved) {}

  @Override
  public State init(int dimension) {
    return new State(0, new double[dimension]);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double owed = state.owed() + step.now(rate);
    double[] moved = state.moved();
    double[] parameters = step.parameters();
    for (int j = 0; j < updates.length; j++) {
      double x = parameters[j] + updates[j];
      double truncated =
          x > 0
              ? Math.max(0, x - (owed + moved[j]))
              : x < 0 ? Math.min(0, x + (owed - moved[j])) : x;
      moved[j] += truncated - x;
      updates[j] = truncated - parameters[j];
    }
    return new State(owed, moved);
  }
}
