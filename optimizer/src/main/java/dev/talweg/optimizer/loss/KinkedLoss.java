package dev.talweg.optimizer.loss;

/**
 * A loss whose slope jumps, with smooth losses just below it (Nesterov, Mathematical Programming
 * 103 (2005)): a kink is replaced by a parabola of curvature 1/μ that meets the lines on both sides
 * without a corner. With μ = 0 it is the loss itself, its curvature is 0 and its slope at a kink is
 * one of those between the two sides.
 */
public interface KinkedLoss extends DualLoss {

  /** μ, at least 0. */
  double smoothing();

  @Override
  default boolean hasKinks() {
    return smoothing() == 0;
  }

  /** The same with another μ. */
  KinkedLoss smoothed(double smoothing);

  /** c such that 0 ≤ ℓ − ℓ_μ ≤ c μ at every margin. */
  double bias();
}
