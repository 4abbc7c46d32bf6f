package dev.talweg.optimizer.loss;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pinball loss, whose minimizer is a quantile: with r = y − z, ℓ = max(q r, (q − 1) r) (Koenker
 * and Bassett, Econometrica 46 (1978)).
 *
 * <p>Smoothed, it is sup_τ τ r − μ τ²/2 over q − 1 ≤ τ ≤ q: r²/2μ where (q − 1) μ ≤ r ≤ q μ, and
 * the two lines, lowered by μ q²/2 and μ (1 − q)²/2, outside. It is below the pinball loss by at
 * most μ max(q, 1 − q)²/2.
 *
 * @param quantile q, strictly between 0 and 1; 0.5 is half the absolute error
 * @param smoothing μ in units of the label; 0 for the pinball loss itself
 */
public record QuantileLoss(double quantile, double smoothing) implements KinkedLoss {
  private static final long serialVersionUID = 1L;

  public QuantileLoss {
    if (!(quantile > 0 && quantile < 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "quantile is %s, a number between 0 and 1 is allowed", quantile));
    }
    Ranges.notNegative("smoothing", smoothing);
  }

  @Override
  public String name() {
    return "quantile";
  }

  @Override
  public QuantileLoss smoothed(double other) {
    return new QuantileLoss(quantile, other);
  }

  @Override
  public double bias() {
    double steepest = Math.max(quantile, 1 - quantile);
    return 0.5 * steepest * steepest;
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double r = labels[i] - margins[i];
      double pull = pull(r);
      double loss = pull * (r - 0.5 * smoothing * pull);
      sum += weights == null ? loss : weights[i] * loss;
    }
    return sum;
  }

  /** The τ of the supremum, which is minus the slope. */
  private double pull(double r) {
    return Math.max(quantile - 1, Math.min(smoothing > 0 ? r / smoothing : sided(r), quantile));
  }

  private double sided(double r) {
    return r > 0 ? quantile : r < 0 ? quantile - 1 : r;
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double r = labels[i] - margins[i];
      double pull = pull(r);
      double weight = weights == null ? 1 : weights[i];
      sum += weight * (pull * (r - 0.5 * smoothing * pull));
      margins[i] = weight * -pull;
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double r = labels[i] - margins[i];
      double pull = pull(r);
      double curvature = smoothing > 0 && pull == r / smoothing ? 1 / smoothing : 0;
      margins[i] = weights == null ? curvature : weights[i] * curvature;
    }
  }

  /** θ y + μ θ²/2, feasible for −q ≤ θ ≤ 1 − q. */
  @Override
  public double conjugate(double multiplier, double label) {
    return -multiplier > quantile || -multiplier < quantile - 1
        ? Double.POSITIVE_INFINITY
        : multiplier * (label + 0.5 * smoothing * multiplier);
  }

  @Override
  public double multiplier(double centre, double curvature, double label) {
    double pull = (label - centre) / (curvature + smoothing);
    return -Math.max(quantile - 1, Math.min(pull, quantile));
  }

  /** The mean, which is not the quantile but of its size; the intercept is exact after a step. */
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

  @Override
  public Optional<String> metric() {
    return Optional.of("pinball");
  }

  /** The pinball loss, not smoothed. */
  @Override
  public double score(double margin, double label) {
    double r = label - margin;
    return Math.max(quantile * r, (quantile - 1) * r);
  }
}
