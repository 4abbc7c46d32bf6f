package dev.talweg.optimizer.loss;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The hinge of a support vector machine (Cortes and Vapnik, Machine Learning 20 (1995)): with s =
 * 2y − 1 in {−1, +1} and m = 1 − s z, ℓ = max(0, m).
 *
 * <p>Smoothed, it is sup_τ τ m − μ τ²/2 over 0 ≤ τ ≤ 1: 0 for m ≤ 0, m²/2μ up to m = μ, m − μ/2
 * beyond (Shalev-Shwartz and Zhang, JMLR 14 (2013)). It is below the hinge by at most μ/2.
 *
 * @param smoothing μ in units of the margin; 0 for the hinge itself
 */
public record HingeLoss(double smoothing) implements KinkedLoss {
  private static final long serialVersionUID = 1L;

  public HingeLoss {
    Ranges.notNegative("smoothing", smoothing);
  }

  @Override
  public String name() {
    return "hinge";
  }

  @Override
  public HingeLoss smoothed(double other) {
    return new HingeLoss(other);
  }

  @Override
  public double bias() {
    return 0.5;
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double m = 1 - (2 * labels[i] - 1) * margins[i];
      double pull = pull(m);
      double loss = pull * (m - 0.5 * smoothing * pull);
      sum += weights == null ? loss : weights[i] * loss;
    }
    return sum;
  }

  /** The τ of the supremum. */
  private double pull(double m) {
    return Math.max(0, Math.min(smoothing > 0 ? m / smoothing : m > 0 ? 1 : m, 1));
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double s = 2 * labels[i] - 1;
      double m = 1 - s * margins[i];
      double pull = pull(m);
      double weight = weights == null ? 1 : weights[i];
      sum += weight * (pull * (m - 0.5 * smoothing * pull));
      margins[i] = weight * (-s * pull);
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double m = 1 - (2 * labels[i] - 1) * margins[i];
      double curvature = m > 0 && m < smoothing ? 1 / smoothing : 0;
      margins[i] = weights == null ? curvature : weights[i] * curvature;
    }
  }

  /** With t = s θ: t + μ t²/2, feasible for −1 ≤ t ≤ 0. */
  @Override
  public double conjugate(double multiplier, double label) {
    double t = (2 * label - 1) * multiplier;
    return t > 0 || t < -1 ? Double.POSITIVE_INFINITY : t * (1 + 0.5 * smoothing * t);
  }

  @Override
  public double multiplier(double centre, double curvature, double label) {
    double s = 2 * label - 1;
    return s * Math.max(-1, Math.min((s * centre - 1) / (curvature + smoothing), 0));
  }

  /** The constant that is right for the larger class. */
  @Override
  public double prior(double meanLabel) {
    double p = Math.min(Math.max(meanLabel, 1e-12), 1 - 1e-12);
    double odds = Math.min(p, 1 - p) / Math.max(p, 1 - p);
    return (p < 0.5 ? -1 : 1) * Math.max(0, 1 - smoothing * odds);
  }

  /**
   * The margin, moved and cut to [0, 1]. It orders rows and has its threshold at 0.5, but it is no
   * probability: the minimizer of the hinge tells the likelier class and not how likely it is.
   */
  @Override
  public double predict(double margin) {
    return ClassLoss.cut(margin);
  }

  @Override
  public boolean classifies() {
    return true;
  }

  /** What depends on the order of margins alone. */
  @Override
  public Optional<String> metric() {
    return Optional.of("auc-roc");
  }
}
