package dev.talweg.optimizer.schedule;

/**
 * Triangles (Smith 2017): up from {@code base} to {@code peak} in {@code up} steps, down again in
 * {@code down}. The height of the triangles stays, is halved with each, or falls with the power
 * factor^t of the step. A peak below the base cycles a momentum against the rate.
 *
 * @param factor of {@link Height#POWER}, in (0, 1]
 */
public record Cyclic(double base, double peak, long up, long down, Height height, double factor)
    implements Schedule {
  private static final long serialVersionUID = 1L;

  /** How high a triangle is. */
  public enum Height {
    /** PyTorch's {@code triangular}. */
    SAME,
    /** {@code triangular2}. */
    HALVED,
    /** {@code exp_range}. */
    POWER
  }

  public Cyclic {
    Rates.check("base", base);
    Rates.check("peak", peak);
    Rates.checkSteps("up", up);
    Rates.checkSteps("down", down);
    Rates.checkFactor(factor);
  }

  @Override
  public double at(long step) {
    long cycle = step / (up + down);
    long within = step % (up + down);
    double share = within <= up ? (double) within / up : 1 - (double) (within - up) / down;
    double scale =
        switch (height) {
          case SAME -> 1;
          case HALVED -> StrictMath.pow(0.5, (double) cycle);
          case POWER -> StrictMath.pow(factor, (double) step);
        };
    return base + (peak - base) * share * scale;
  }

  @Override
  public double most() {
    return Math.max(base, peak);
  }
}
