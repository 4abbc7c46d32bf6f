package dev.talweg.optimizer.linesearch;

/** An objective along a direction. */
public interface Line {
  /** Where a search begins, at step 0. */
  Trial start();

  /** The point after a step; costs an evaluation. */
  Trial at(double step);

  /** The value at the step before the one that ended at the start; NaN where there is none. */
  default double before() {
    return Double.NaN;
  }

  /** The largest entry of the direction. */
  double largest();
}
