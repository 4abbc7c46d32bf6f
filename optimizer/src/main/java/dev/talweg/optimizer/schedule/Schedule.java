package dev.talweg.optimizer.schedule;

import java.io.Serializable;

/**
 * A rate as a function of the step, counted from 0. Schedules are records: equal, printed and
 * stored by their numbers. Powers and cosines are {@link StrictMath}'s, so that a run has the same
 * bits on every machine.
 */
public interface Schedule extends Serializable {

  /** The rate of a step, finite and not negative; {@code step} is at least 0. */
  double at(long step);

  /**
   * The same where a {@link Plateau} decides.
   *
   * @param plateau its rate now; NaN where there is none
   */
  default double at(long step, double plateau) {
    return at(step);
  }

  /**
   * No rate is above this: the largest one, or for several schedules in one a bound of it; infinite
   * where nobody said.
   */
  default double most() {
    return Double.POSITIVE_INFINITY;
  }

  /**
   * The step by which it has come to its end, from which on the rate stays, or is through its
   * warm-up. A run of fewer steps does not see all of it. 0 where there is no such step: the rate
   * is always the same, or changes for ever.
   */
  default long horizon() {
    return 0;
  }
}
