package dev.talweg.optimizer.schedule;

import java.util.List;

/**
 * One schedule after the other. The schedule k + 1 takes over at step {@code boundaries[k]} and
 * counts its own steps from there.
 *
 * @param boundaries one less than schedules, growing, above 0
 */
public record Join(List<Schedule> schedules, List<Long> boundaries) implements Schedule {
  private static final long serialVersionUID = 1L;

  public Join {
    schedules = List.copyOf(schedules);
    boundaries = List.copyOf(boundaries);
    if (boundaries.size() != schedules.size() - 1) {
      throw new IllegalArgumentException(
          schedules.size() + " schedules cannot be joined at " + boundaries.size() + " boundaries");
    }
    long before = 0;
    for (long boundary : boundaries) {
      if (boundary <= before) {
        throw new IllegalArgumentException("boundaries must grow from above 0: " + boundaries);
      }
      before = boundary;
    }
  }

  @Override
  public double at(long step) {
    int k = 0;
    while (k < boundaries.size() && step >= boundaries.get(k)) {
      k++;
    }
    return schedules.get(k).at(k == 0 ? step : step - boundaries.get(k - 1));
  }

  @Override
  public double most() {
    return schedules.stream().mapToDouble(Schedule::most).max().orElseThrow();
  }

  @Override
  public long horizon() {
    return schedules.get(boundaries.size()).horizon()
        + (boundaries.isEmpty() ? 0 : boundaries.get(boundaries.size() - 1));
  }
}
