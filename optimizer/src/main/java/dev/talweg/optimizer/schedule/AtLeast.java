package dev.talweg.optimizer.schedule;

/** A schedule that does not fall below {@code floor}: optax' {@code end_value} of a decay. */
public record AtLeast(Schedule schedule, double floor) implements Schedule {
  private static final long serialVersionUID = 1L;

  public AtLeast {
    Rates.check("floor", floor);
  }

  @Override
  public double at(long step) {
    return Math.max(schedule.at(step), floor);
  }

  @Override
  public double most() {
    return Math.max(schedule.most(), floor);
  }

  @Override
  public long horizon() {
    return schedule.horizon();
  }
}
