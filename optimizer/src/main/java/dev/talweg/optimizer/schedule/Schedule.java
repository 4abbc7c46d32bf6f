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
}
