package dev.talweg.optimizer.loss;

import org.jspecify.annotations.Nullable;

/** Half the squared residual, ℓ = (z − y)²/2: least squares. */
public record SquaredLoss() implements DualLoss {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "squared";
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double r = margins[i] - labels[i];
      sum += weights == null ? 0.5 * r * r : weights[i] * (0.5 * r * r);
    }
    return sum;
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double r = margins[i] - labels[i];
      double weight = weights == null ? 1 : weights[i];
      sum += weight * (0.5 * r * r);
      margins[i] = weight * r;
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      margins[i] = weights == null ? 1 : weights[i];
    }
  }

  @Override
  public boolean canonical() {
    return true;
  }

  @Override
  public double conjugate(double multiplier, double label) {
    return 0.5 * multiplier * multiplier + multiplier * label;
  }

  @Override
  public double multiplier(double centre, double curvature, double label) {
    return (centre - label) / (1 + curvature);
  }

  @Override
  public double prior(double meanLabel) {
    return meanLabel;
  }

  @Override
  public double predict(double margin) {
    return margin;
  }

  @Override
  public boolean classifies() {
    return false;
  }
}
