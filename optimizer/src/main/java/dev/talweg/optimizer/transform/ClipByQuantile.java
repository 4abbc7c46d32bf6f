package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * The limit of the global norm is a quantile of the norms of the last steps (Seetharaman et al.,
 * "AutoClip", 2020), so no number has to be guessed: u ← u · min(1, limit/‖u‖).
 *
 * <p>The norm of this step is in its own history before the limit is taken, as in the paper; the
 * quantile is the entry at rank ⌈q·n⌉ of the sorted history, so that it is a norm that occurred.
 * The paper keeps all norms; here the last {@code window} are kept.
 *
 * @param quantile in (0, 1]
 * @param window norms kept, at least 1
 */
public record ClipByQuantile(double quantile, int window)
    implements GradientTransform<ClipByQuantile.State> {
  private static final long serialVersionUID = 1L;

  public ClipByQuantile {
    if (!(quantile > 0 && quantile <= 1)) {
      throw new IllegalArgumentException("quantile is above 0 and at most 1, not " + quantile);
    }
    Ranges.checkCount("window", window);
  }

  /** The last norms, a ring, and how many steps there were. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] norms, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[window], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double norm = Norms.euclidean(updates);
    state.norms()[(int) (state.steps() % window)] = norm;
    long steps = state.steps() + 1;
    int known = (int) Math.min(steps, window);
    double[] sorted = Arrays.copyOf(state.norms(), known);
    Arrays.sort(sorted);
    double limit = sorted[Math.max(0, (int) Math.ceil(quantile * known) - 1)];
    if (norm > limit) {
      double scale = limit / norm;
      for (int j = 0; j < updates.length; j++) {
        updates[j] *= scale;
      }
    }
    return new State(state.norms(), steps);
  }
}
