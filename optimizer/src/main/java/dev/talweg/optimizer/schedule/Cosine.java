package dev.talweg.optimizer.schedule;

/**
 * Half a cosine from {@code start} down to {@code end} in {@code steps} steps, then {@code end}:
 * r(t) = end + (start − end)(1 + cos(π t/steps))/2 (Loshchilov and Hutter 2017, one cycle).
 */
public record Cosine(double start, double end, long steps) implements Schedule {
  private static final long serialVersionUID = 1L;

  public Cosine {
    Rates.check("start", start);
    Rates.check("end", end);
    Rates.checkSteps("steps", steps);
  }

  /** Down to 0. */
  public Cosine(double start, long steps) {
    this(start, 0, steps);
  }

  @Override
  public double at(long step) {
    return step >= steps
        ? end
        : end + (start - end) * 0.5 * (1 + StrictMath.cos(Math.PI * ((double) step / steps)));
  }
}
