package dev.talweg.optimizer.loss;

import java.util.Optional;

/**
 * The absolute residual beyond a width ε that costs nothing: with r = z − y, ℓ = max(0, |r| − ε).
 *
 * <p>Smoothed, it is sup_τ τ (|r| − ε) − μ τ²/2 over 0 ≤ τ ≤ 1: a parabola over a width of μ, then
 * the line, lowered by μ/2.
 */
interface InsensitiveLoss extends ResidualLoss, KinkedLoss {

  /** ε, at least 0. */
  double epsilon();

  @Override
  default double bias() {
    return 0.5;
  }

  /** The τ of the supremum. */
  private double pull(double beyond) {
    double unbounded = smoothing() > 0 ? beyond / smoothing() : Math.signum(beyond);
    return Math.max(0, Math.min(unbounded, 1));
  }

  @Override
  default double at(double residual) {
    double beyond = Math.abs(residual) - epsilon();
    double pull = pull(beyond);
    return pull * (beyond - 0.5 * smoothing() * pull);
  }

  @Override
  default double slope(double residual) {
    return Math.signum(residual) * pull(Math.abs(residual) - epsilon());
  }

  @Override
  default double curvature(double residual) {
    double beyond = Math.abs(residual) - epsilon();
    // within a width of 0 on both sides, there is one parabola
    boolean bends = Math.abs(beyond) < smoothing() && (beyond > 0 || epsilon() == 0);
    return bends ? 1 / smoothing() : 0;
  }

  /** ε|θ| + μ θ²/2, feasible for |θ| ≤ 1. */
  @Override
  default double conjugate(double multiplier) {
    double size = Math.abs(multiplier);
    return size > 1 ? Double.POSITIVE_INFINITY : size * (epsilon() + 0.5 * smoothing() * size);
  }

  @Override
  default double multiplier(double centre, double curvature, double label) {
    double residual = centre - label;
    double beyond = Math.max(0, Math.abs(residual) - epsilon());
    return Math.copySign(Math.min(beyond / (curvature + smoothing()), 1), residual);
  }

  @Override
  default Optional<String> metric() {
    return Optional.of("mae");
  }

  /** The absolute residual, whatever is forgiven in training. */
  @Override
  default double score(double margin, double label) {
    return Math.abs(margin - label);
  }
}
