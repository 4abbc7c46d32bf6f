package dev.talweg.optimizer.schedule;

/**
 * A schedule whose first steps are scaled up: r(t) = then(t) · min(1, (t + first)/steps).
 *
 * @param first 1 where the first step already moves (schedule-free, Keras), 0 where it does not
 *     (optax)
 */
public record WarmUp(Schedule then, long steps, int first) implements Schedule {
  private static final long serialVersionUID = 1L;

  public WarmUp {
    Rates.checkSteps("steps", steps);
    if (first != 0 && first != 1) {
      throw new IllegalArgumentException("first is 0 or 1, not " + first);
    }
  }

  @Override
  public double at(long step) {
    return at(step, Double.NaN);
  }

  @Override
  public double at(long step, double plateau) {
    return then.at(step, plateau) * Math.min(1, (double) (step + first) / steps);
  }

  @Override
  public double most() {
    return then.most();
  }

  @Override
  public long horizon() {
    return Math.max(steps, then.horizon());
  }
}
