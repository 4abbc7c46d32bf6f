package dev.talweg.optimizer.schedule;

/**
 * r(t) = (start − end)(1 − min(t, steps)/steps)^power + end, then {@code end}; or again and again,
 * each time stretched to the next multiple of {@code steps} (Keras' {@code cycle}).
 *
 * @param power above 0
 */
public record Polynomial(double start, double end, long steps, double power, Tail tail)
    implements Schedule {
  private static final long serialVersionUID = 1L;

  /** What comes after {@code steps}. */
  public enum Tail {
    CONSTANT,
    CYCLE
  }

  public Polynomial {
    Rates.check("start", start);
    Rates.check("end", end);
    Rates.checkSteps("steps", steps);
    if (!(power > 0 && power < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the power is a finite number above 0, not " + power);
    }
  }

  @Override
  public double at(long step) {
    long cycles = tail == Tail.CYCLE ? Math.max(1, Math.floorDiv(step + steps - 1, steps)) : 1;
    double share = Math.min(1, (double) step / (steps * cycles));
    return (start - end) * StrictMath.pow(1 - share, power) + end;
  }

  @Override
  public double most() {
    return Math.max(start, end);
  }

  @Override
  public long horizon() {
    return tail == Tail.CYCLE ? 0 : steps;
  }
}
