package dev.talweg.jobs.monitor;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which steps are told: the first ones all, later ones as often as a person or a scraper can see,
 * and the last one always. A step that is not told is held back until another takes its place, so
 * that a run of a million steps posts a few events a second and no more.
 */
final class Cadence<T> {
  /** Steps that are all told. */
  static final int FIRST = 200;

  /** Nanoseconds between two of the later ones. */
  static final long PAUSE = 250_000_000;

  private final LongSupplier clock;
  private long told;
  private long lastTime;
  private @Nullable T held;

  /**
   * @param clock nanoseconds
   */
  Cadence(LongSupplier clock) {
    this.clock = clock;
  }

  /** The step, if it is to be told now. */
  Optional<T> seen(T step) {
    long now = clock.getAsLong();
    if (told < FIRST || now - lastTime >= PAUSE) {
      told++;
      lastTime = now;
      held = null;
      return Optional.of(step);
    }
    held = step;
    return Optional.empty();
  }

  /** The last step, if it was held back. */
  Optional<T> rest() {
    Optional<T> last = Optional.ofNullable(held);
    held = null;
    return last;
  }
}
