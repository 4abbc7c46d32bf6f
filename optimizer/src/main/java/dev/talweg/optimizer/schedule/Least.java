package dev.talweg.optimizer.schedule;

/** The smaller of two schedules, step by step. */
public record Least(Schedule one, Schedule other) implements Schedule {
  private static final long serialVersionUID = 1L;

  @Override
  public double at(long step) {
    return Math.min(one.at(step), other.at(step));
  }
}
