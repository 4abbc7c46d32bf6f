package dev.talweg.optimizer.schedule;

/**
 * Half a cosine from {@code start} down to {@code end} in {@code steps} steps, then {@code end}:
 * r(t) = end + (start − end)((1 + cos(π t/steps))/2)^exponent (Loshchilov and Hutter 2017, one
 * cycle; the exponent is optax').
 *
 * @param exponent above 0; 1
 */
public record Cosine(double start, double end, long steps, double exponent) implements Schedule {
  private static final long serialVersionUID = 1L;

  public Cosine {
    Rates.check("start", start);
    Rates.check("end", end);
    Rates.checkSteps("steps", steps);
    if (!(exponent > 0 && exponent < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the exponent is a finite number above 0, not " + exponent);
    }
  }

  /** Half a cosine as it is. */
  public Cosine(double start, double end, long steps) {
    this(start, end, steps, 1);
  }

  /** Down to 0. */
  public Cosine(double start, long steps) {
    this(start, 0, steps);
  }

  @Override
  public double at(long step) {
    if (step >= steps) {
      return end;
    }
    double cosine = 0.5 * (1 + StrictMath.cos(Math.PI * ((double) step / steps)));
    double share = exponent == 1 ? cosine : StrictMath.pow(cosine, exponent);
    return end + (start - end) * share;
  }

  @Override
  public double most() {
    return Math.max(start, end);
  }

  @Override
  public long horizon() {
    return steps;
  }
}
