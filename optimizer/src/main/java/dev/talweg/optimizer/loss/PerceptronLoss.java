package dev.talweg.optimizer.loss;

import java.util.Optional;

/**
 * The loss whose subgradients are the perceptron's corrections (Rosenblatt, Psychological Review 65
 * (1958)): with m = (2y − 1) z, ℓ = max(0, −m).
 *
 * <p>Its minimum is 0 at weights of 0, so it is the way there that is worth something and no
 * minimizer's answer. A margin of 0 is a mistake, as in scikit-learn: from weights of 0 nothing
 * would move otherwise.
 */
public record PerceptronLoss() implements ClassLoss {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "perceptron";
  }

  @Override
  public double at(double m) {
    return Math.max(0, -m);
  }

  @Override
  public double slope(double m) {
    return m > 0 ? 0 : -1;
  }

  @Override
  public double curvature(double m) {
    return 0;
  }

  @Override
  public boolean hasKinks() {
    return true;
  }

  /** 0, feasible for −1 ≤ sθ ≤ 0. */
  @Override
  public double conjugate(double t) {
    return t > 0 || t < -1 ? Double.POSITIVE_INFINITY : 0;
  }

  @Override
  public double prior(double meanLabel) {
    return 0;
  }

  /** As of the hinge: an order of rows with its threshold at 0.5, and no probability. */
  @Override
  public double predict(double margin) {
    return ClassLoss.cut(margin);
  }

  /** What depends on the order of margins alone. */
  @Override
  public Optional<String> metric() {
    return Optional.of("auc-roc");
  }
}
