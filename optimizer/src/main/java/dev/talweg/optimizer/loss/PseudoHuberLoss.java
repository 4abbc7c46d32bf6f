package dev.talweg.optimizer.loss;

/**
 * Huber's loss without its corners (Charbonnier et al., IEEE Transactions on Image Processing 6
 * (1997)): with r = z − y and s = √(1 + (r/δ)²), ℓ = δ² (s − 1).
 *
 * @param delta in units of the label, above 0: r²/2 well within it, δ|r| well beyond
 */
public record PseudoHuberLoss(double delta) implements ResidualLoss {
  private static final long serialVersionUID = 1L;

  public PseudoHuberLoss {
    Ranges.positive("delta", delta);
  }

  @Override
  public String name() {
    return "pseudo-huber";
  }

  private double stretch(double residual) {
    return StrictMath.hypot(1, residual / delta);
  }

  /** r²/(s + 1), without the digits that s − 1 loses. */
  @Override
  public double at(double residual) {
    return residual * (residual / (stretch(residual) + 1));
  }

  @Override
  public double slope(double residual) {
    return residual / stretch(residual);
  }

  @Override
  public double curvature(double residual) {
    double s = stretch(residual);
    return 1 / s / s / s;
  }

  /** With t = θ/δ: δ² (1 − √(1 − t²)), feasible for |t| ≤ 1. */
  @Override
  public double conjugate(double multiplier) {
    double t = Math.abs(multiplier) / delta;
    // θ itself may be above δ by a rounding of r/s
    return t > 1 + 0x1p-50
        ? Double.POSITIVE_INFINITY
        : multiplier * multiplier / (1 + Math.sqrt(Math.max(0, (1 - t) * (1 + t))));
  }
}
