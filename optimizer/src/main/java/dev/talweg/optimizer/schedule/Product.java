package dev.talweg.optimizer.schedule;

import java.util.List;

/** Schedules multiplied step by step, as PyTorch's {@code ChainedScheduler}. */
public record Product(List<Schedule> schedules) implements Schedule {
  private static final long serialVersionUID = 1L;

  public Product {
    schedules = List.copyOf(schedules);
  }

  /** A schedule, scaled. */
  public Product(double factor, Schedule schedule) {
    this(List.of(new Constant(factor), schedule));
  }

  @Override
  public double at(long step) {
    return at(step, Double.NaN);
  }

  @Override
  public double at(long step, double plateau) {
    double rate = 1;
    for (Schedule schedule : schedules) {
      rate *= schedule.at(step, plateau);
    }
    return rate;
  }

  @Override
  public double most() {
    return schedules.stream().mapToDouble(Schedule::most).reduce(1, (a, b) -> a * b);
  }

  @Override
  public long horizon() {
    return schedules.stream().mapToLong(Schedule::horizon).max().orElse(0);
  }
}
