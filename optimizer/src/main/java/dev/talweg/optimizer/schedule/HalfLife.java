package dev.talweg.optimizer.schedule;

/**
 * A share that is kept at every step, whose half-life h = ln ½/ln β goes in equal steps from that
 * of {@code start} to that of {@code end}: with s = min(1, (t + 1)/steps), 1/ln β(t) = (1 − s)/ln
 * start + s/ln end. AdEMAMix (Pagliardini et al. 2024) begins its slow mean so.
 *
 * @param start in [0, 1)
 * @param end in [0, 1)
 */
public record HalfLife(double start, double end, long steps) implements Schedule {
  private static final long serialVersionUID = 1L;

  public HalfLife {
    if (!(start >= 0 && start < 1 && end >= 0 && end < 1)) {
      throw new IllegalArgumentException(
          "shares are at least 0 and below 1: " + start + ", " + end);
    }
    Rates.checkSteps("steps", steps);
  }

  @Override
  public double at(long step) {
    double s = (step + 1.0) / steps;
    return s >= 1
        ? end
        : StrictMath.exp(1 / ((1 - s) / StrictMath.log(start) + s / StrictMath.log(end)));
  }
}
