package dev.talweg.optimizer.schedule;

/** Smooth decay: r(t) = start · factor^(t/every). */
public record Exponential(double start, double factor, long every) implements Schedule {
  private static final long serialVersionUID = 1L;

  public Exponential {
    Rates.check("start", start);
    Rates.checkFactor(factor);
    Rates.checkSteps("every", every);
  }

  @Override
  public double at(long step) {
    return start * StrictMath.pow(factor, (double) step / every);
  }

  @Override
  public double most() {
    return start;
  }
}
