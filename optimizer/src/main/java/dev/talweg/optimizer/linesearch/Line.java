package dev.talweg.optimizer.linesearch;

/** An objective along a direction. */
public interface Line {
  /** Where a search begins, at step 0. */
  Trial start();

  /** The point after a step; costs an evaluation. */
  Trial at(double step);

  /** The largest entry of the direction. */
  double largest();
}
