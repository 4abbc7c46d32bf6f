package dev.talweg.optimizer.loss;

import org.jspecify.annotations.Nullable;

/**
 * The squared hinge of a support vector machine (LIBLINEAR's L2 loss): with s = 2y − 1 in {−1, +1},
 * ℓ = max(0, 1 − s z)².
 *
 * <p>Its second derivative jumps from 0 to 2 at s z = 1; {@link #curve} gives the generalized one.
 */
public record SquaredHingeLoss() implements DualLoss {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "squared-hinge";
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double slack = Math.max(0, 1 - (2 * labels[i] - 1) * margins[i]);
      sum += weights == null ? slack * slack : weights[i] * (slack * slack);
    }
    return sum;
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double s = 2 * labels[i] - 1;
      double slack = Math.max(0, 1 - s * margins[i]);
      double weight = weights == null ? 1 : weights[i];
      sum += weight * (slack * slack);
      margins[i] = weight * (-2 * s * slack);
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double curvature = (2 * labels[i] - 1) * margins[i] < 1 ? 2 : 0;
      margins[i] = weights == null ? curvature : weights[i] * curvature;
    }
  }

  @Override
  public double conjugate(double multiplier, double label) {
    double t = (2 * label - 1) * multiplier;
    return t > 0 ? Double.POSITIVE_INFINITY : t * (1 + 0.25 * t);
  }

  @Override
  public double multiplier(double centre, double curvature, double label) {
    double s = 2 * label - 1;
    return s * Math.min(0, (s * centre - 1) / (curvature + 0.5));
  }

  @Override
  public double prior(double meanLabel) {
    return 2 * meanLabel - 1;
  }

  /**
   * The probability of class 1: the margin that minimizes the expected loss is 2p − 1, so p is (1 +
   * z)/2, cut at 0 and 1 (T. Zhang, Annals of Statistics 2004, table 1).
   */
  @Override
  public double predict(double margin) {
    return ClassLoss.cut(margin);
  }

  @Override
  public boolean classifies() {
    return true;
  }
}
