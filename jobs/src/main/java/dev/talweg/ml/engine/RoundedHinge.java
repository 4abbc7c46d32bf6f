package dev.talweg.ml.engine;

import dev.talweg.optimizer.loss.HingeLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import org.jspecify.annotations.Nullable;

/**
 * The hinge with a round corner: with s = 2y − 1 in {−1, +1}, m = 1 − s z and r = √(m² + 4μ²), φ =
 * (m + r)/2 (Chen and Mangasarian, Computational Optimization and Applications 5 (1996)). It is
 * above max(0, m), by μ at the corner and by about μ²/|m| away from it; φ' = φ/r and φ'' = 2μ²/r³.
 *
 * <p>Unlike a parabola in the place of the corner, it has a curvature everywhere: rows that are far
 * from the corner still tell Newton's method where to go.
 *
 * @param width μ in units of the margin, above 0
 */
record RoundedHinge(double width) implements PointwiseLoss {
  private static final long serialVersionUID = 1L;

  /** From here on m² is not formed: r is |m| to the last bit. */
  private static final double FAR = 1e100;

  RoundedHinge {
    if (!(width > 0)) {
      throw new IllegalArgumentException("width is " + width + ", a number above 0 is allowed");
    }
  }

  @Override
  public String name() {
    return "rounded-hinge";
  }

  private double radius(double m) {
    return Math.abs(m) < FAR ? Math.sqrt(m * m + 4 * width * width) : Math.abs(m);
  }

  /** φ, below the corner without the difference of two near numbers. */
  private double above(double m, double r) {
    return m > 0 ? 0.5 * (m + r) : 2 * width * (width / (r - m));
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double m = 1 - (2 * labels[i] - 1) * margins[i];
      double loss = above(m, radius(m));
      sum += weights == null ? loss : weights[i] * loss;
    }
    return sum;
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double s = 2 * labels[i] - 1;
      double m = 1 - s * margins[i];
      double r = radius(m);
      double loss = above(m, r);
      double weight = weights == null ? 1 : weights[i];
      sum += weight * loss;
      margins[i] = weight * (-s * (loss / r));
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double r = radius(1 - (2 * labels[i] - 1) * margins[i]);
      double w = width / r;
      double curvature = 2 * w * w / r;
      margins[i] = weights == null ? curvature : weights[i] * curvature;
    }
  }

  /** With t = −s θ: −t − 2μ √(t(1 − t)), feasible for 0 ≤ t ≤ 1. */
  @Override
  public double conjugate(double multiplier, double label) {
    double t = -(2 * label - 1) * multiplier;
    return t < 0 || t > 1 ? Double.POSITIVE_INFINITY : -t - 2 * width * Math.sqrt(t * (1 - t));
  }

  @Override
  public double prior(double meanLabel) {
    return new HingeLoss(0).prior(meanLabel);
  }

  @Override
  public double predict(double margin) {
    return new HingeLoss(0).predict(margin);
  }

  @Override
  public boolean classifies() {
    return true;
  }
}
