package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * {@link TruncateByLasso} and the average of its parameters as scikit-learn's SGD keeps it, lazily,
 * as the last word of a chain: of what is cut off a weight, every step that was averaged counts as
 * if it had been cut there too, in the size from which decay shrank it since. So it is not the mean
 * of where the parameters were, which {@link Average} is. With c = 1 − r and δ what was cut at a
 * step, the mean is of x + (p − 1) δ, where p ← p/c + 1.
 *
 * @param shrinking r, what decay takes of a parameter in a step, below 1
 * @param from steps before the average begins; until then parameters are served
 */
public record AverageTruncated(TruncateByLasso lasso, Schedule shrinking, long from)
    implements GradientTransform<AverageTruncated.State> {
  private static final long serialVersionUID = 1L;

  public AverageTruncated {
    Ranges.checkNotNegative("from", (double) from);
  }

  /** The average, of how many steps it is, and p. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(TruncateByLasso.State lasso, double[] average, long averaged, double past) {}

  @Override
  public State init(int dimension) {
    return new State(lasso.init(dimension), new double[dimension], 0, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] whole = updates.clone();
    TruncateByLasso.State cut = lasso.update(updates, state.lasso(), step);
    double[] average = state.average();
    if (step.number() < from) {
      return new State(cut, average, 0, 0);
    }
    long averaged = state.averaged() + 1;
    double past = state.past() / (1 - step.now(shrinking)) + 1;
    for (int j = 0; j < updates.length; j++) {
      double x = step.parameters()[j] + updates[j] + (past - 1) * (updates[j] - whole[j]);
      average[j] += (x - average[j]) / averaged;
    }
    return new State(cut, average, averaged, past);
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    return state.averaged() == 0 ? parameters : state.average();
  }
}
