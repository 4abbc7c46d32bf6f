package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Rectified;

/**
 * A scaling that waits: gradients go through it, so that it remembers them, and come out as they
 * are until the variance of its root mean square is tractable ({@link Rectified}).
 *
 * @param when whose rate is the factor that belongs to it
 */
public record WhenTractable(Rectified when, Chain scaling)
    implements GradientTransform<WhenTractable.State> {
  private static final long serialVersionUID = 1L;

  /** The steps so far, and the scaling's own state. */
  public record State(long steps, Chain.State inner) {}

  @Override
  public State init(int dimension) {
    return new State(0, scaling.init(dimension));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] scaled = updates.clone();
    Chain.State inner = scaling.update(scaled, state.inner(), step);
    if (when.tractable(state.steps())) {
      System.arraycopy(scaled, 0, updates, 0, scaled.length);
    }
    return new State(state.steps() + 1, inner);
  }
}
