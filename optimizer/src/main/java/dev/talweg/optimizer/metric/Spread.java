package dev.talweg.optimizer.metric;

import java.io.Serializable;

/**
 * Weighted means, squares and products of labels and residuals about their means; running, so that
 * numbers far from zero lose no digits (Chan, Golub and LeVeque, The American Statistician 37
 * (1983)).
 */
final class Spread implements Serializable {
  private static final long serialVersionUID = 1L;

  private double weight;
  private double label;
  private double residual;
  private double labels; // Σ ω (y − mean)²
  private double residuals;
  private double products;

  void add(double y, double r, double w) {
    if (w > 0) {
      combine(w, y, r);
    }
  }

  void merge(Spread other) {
    if (other.weight > 0) {
      labels += other.labels;
      residuals += other.residuals;
      products += other.products;
      combine(other.weight, other.label, other.residual);
    }
  }

  private void combine(double w, double y, double r) {
    double total = weight + w;
    double dy = y - label;
    double dr = r - residual;
    label += dy * w / total;
    residual += dr * w / total;
    labels += dy * dy * weight * w / total;
    residuals += dr * dr * weight * w / total;
    products += dy * dr * weight * w / total;
    weight = total;
  }

  double weight() {
    return weight;
  }

  /** The mean label. */
  double label() {
    return label;
  }

  /** Σ ω (y − ȳ)². */
  double labels() {
    return labels;
  }

  /** Share of the labels' variance that is not the residuals'. */
  double explained() {
    return 1 - residuals / labels;
  }

  /** Of labels and predictions, which are y + r. */
  double correlation() {
    return (labels + products) / Math.sqrt(labels * Math.max(0, labels + 2 * products + residuals));
  }
}
