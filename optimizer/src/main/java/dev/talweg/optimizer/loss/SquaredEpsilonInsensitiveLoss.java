package dev.talweg.optimizer.loss;

/**
 * Least squares beyond a width that costs nothing (LIBLINEAR's L2 loss of support vector
 * regression): with r = z − y, ℓ = max(0, |r| − ε)².
 *
 * @param epsilon ε in units of the label
 */
public record SquaredEpsilonInsensitiveLoss(double epsilon) implements ResidualLoss, DualLoss {
  private static final long serialVersionUID = 1L;

  public SquaredEpsilonInsensitiveLoss {
    Ranges.notNegative("epsilon", epsilon);
  }

  @Override
  public String name() {
    return "squared-epsilon-insensitive";
  }

  private double beyond(double residual) {
    return Math.max(0, Math.abs(residual) - epsilon);
  }

  @Override
  public double at(double residual) {
    double beyond = beyond(residual);
    return beyond * beyond;
  }

  @Override
  public double slope(double residual) {
    return Math.copySign(2 * beyond(residual), residual);
  }

  @Override
  public double curvature(double residual) {
    return Math.abs(residual) >= epsilon ? 2 : 0;
  }

  /** ε|θ| + θ²/4. */
  @Override
  public double conjugate(double multiplier) {
    double size = Math.abs(multiplier);
    return size * (epsilon + 0.25 * size);
  }

  @Override
  public double multiplier(double centre, double curvature, double label) {
    double residual = centre - label;
    return Math.copySign(beyond(residual) / (curvature + 0.5), residual);
  }
}
