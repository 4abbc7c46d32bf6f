package dev.talweg.optimizer.schedule;

/**
 * From {@code start} to {@code end} in {@code steps} equal steps, then {@code end}: r(t) = start +
 * (end − start) min(t, steps)/steps.
 */
public record Linear(double start, double end, long steps) implements Schedule {
  private static final long serialVersionUID = 1L;

  public Linear {
    Rates.check("start", start);
    Rates.check("end", end);
    Rates.checkSteps("steps", steps);
  }

  @Override
  public double at(long step) {
    return step >= steps ? end : start + (end - start) * ((double) step / steps);
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
