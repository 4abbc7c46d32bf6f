package dev.talweg.optimizer.schedule;

/** The smaller of two schedules, step by step. */
public record Least(Schedule one, Schedule other) implements Schedule {
  private static final long serialVersionUID = 1L;

  @Override
  public double at(long step) {
    return at(step, Double.NaN);
  }

  @Override
  public double at(long step, double plateau) {
    return Math.min(one.at(step, plateau), other.at(step, plateau));
  }
}
