package dev.talweg.optimizer.loss;

/**
 * The squared hinge with a bounded pull of outliers (T. Zhang, ICML 2004): with m = (2y − 1) z, ℓ =
 * max(0, 1 − m)² where m ≥ −1, else −4m.
 */
public record ModifiedHuberLoss() implements ClassLoss, DualLoss {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "modified-huber";
  }

  @Override
  public double at(double m) {
    double slack = Math.max(0, 1 - m);
    return m >= -1 ? slack * slack : -4 * m;
  }

  @Override
  public double slope(double m) {
    return m >= -1 ? -2 * Math.max(0, 1 - m) : -4;
  }

  @Override
  public double curvature(double m) {
    return m >= -1 && m < 1 ? 2 : 0;
  }

  /** With t = sθ: t + t²/4, feasible for −4 ≤ t ≤ 0. */
  @Override
  public double conjugate(double t) {
    return t > 0 || t < -4 ? Double.POSITIVE_INFINITY : t * (1 + 0.25 * t);
  }

  @Override
  public double multiplier(double centre, double curvature, double label) {
    double s = ClassLoss.sign(label);
    return s * Math.max(-4, Math.min((s * centre - 1) / (curvature + 0.5), 0));
  }

  @Override
  public double prior(double meanLabel) {
    return 2 * meanLabel - 1;
  }

  /** The probability of class 1, (1 + z)/2 cut at 0 and 1, as of the squared hinge. */
  @Override
  public double predict(double margin) {
    return ClassLoss.cut(margin);
  }
}
