package dev.talweg.optimizer.schedule;

import java.util.List;

/** Joins that have a name of their own. */
public final class Schedules {
  private Schedules() {}

  /**
   * Linear from 0 to {@code peak} in {@code warmup} steps, then a cosine down to {@code end} at
   * step {@code steps}, as optax's {@code warmup_cosine_decay_schedule}: step 0 has rate 0.
   *
   * @param steps in all, the warm-up included
   */
  public static Schedule warmupCosine(long warmup, long steps, double peak, double end) {
    if (warmup == 0) {
      return new Cosine(peak, end, steps);
    }
    if (steps <= warmup) {
      throw new IllegalArgumentException(
          "steps " + steps + " must be more than the warm-up's " + warmup);
    }
    return new Join(
        List.of(new Linear(0, peak, warmup), new Cosine(peak, end, steps - warmup)),
        List.of(warmup));
  }

  /** The same down to 0. */
  public static Schedule warmupCosine(long warmup, long steps, double peak) {
    return warmupCosine(warmup, steps, peak, 0);
  }
}
