package dev.talweg.optimizer.schedule;

/** Whether a decay is smooth or in stairs. */
public enum Form {
  SMOOTH,
  STAIRS;

  double periods(long step, long every) {
    return this == SMOOTH ? (double) step / every : Math.floorDiv(step, every);
  }
}
