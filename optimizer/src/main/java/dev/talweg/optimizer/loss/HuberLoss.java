package dev.talweg.optimizer.loss;

import org.jspecify.annotations.Nullable;

/**
 * Least squares that an outlier pulls at with a force of at most δ: with r = z − y, ℓ = r²/2 where
 * |r| ≤ δ, else δ|r| − δ²/2 (Huber 1964).
 *
 * @param delta in units of the label, above 0; scikit-learn's default is 1.35 standard deviations
 *     of the noise
 */
public record HuberLoss(double delta) implements DualLoss {
  private static final long serialVersionUID = 1L;

  public HuberLoss {
    Ranges.positive("delta", delta);
  }

  @Override
  public String name() {
    return "huber";
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double r = Math.abs(margins[i] - labels[i]);
      double inner = Math.min(r, delta);
      double loss = inner * (r - 0.5 * inner);
      sum += weights == null ? loss : weights[i] * loss;
    }
    return sum;
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double r = margins[i] - labels[i];
      double clipped = Math.max(-delta, Math.min(r, delta));
      double weight = weights == null ? 1 : weights[i];
      sum += weight * (Math.abs(clipped) * (Math.abs(r) - 0.5 * Math.abs(clipped)));
      margins[i] = weight * clipped;
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double inside = Math.abs(margins[i] - labels[i]) <= delta ? 1 : 0;
      margins[i] = weights == null ? inside : weights[i] * inside;
    }
  }

  @Override
  public double conjugate(double multiplier, double label) {
    return Math.abs(multiplier) > delta
        ? Double.POSITIVE_INFINITY
        : 0.5 * multiplier * multiplier + multiplier * label;
  }

  @Override
  public double multiplier(double centre, double curvature, double label) {
    return Math.max(-delta, Math.min((centre - label) / (1 + curvature), delta));
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
