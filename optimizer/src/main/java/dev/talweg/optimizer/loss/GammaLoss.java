package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.loss.LogLink.beyond;
import static dev.talweg.optimizer.loss.LogLink.exponential;

import dev.talweg.optimizer.kernel.Exponentials;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The negative log likelihood of a gamma distributed amount y above 0 whose mean has the logarithm
 * z, per unit of its shape and without the part that depends on y alone: ℓ = y e⁻ᶻ + z (McCullagh
 * and Nelder 1989, chapter 8).
 *
 * <p>The logarithm is the link of practice, not the canonical one. Scikit-learn's objective is half
 * the deviance, ℓ − min ℓ. Beyond z = −100 the exponential is continued ({@link LogLink}).
 */
public record GammaLoss() implements LogLinked {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "gamma";
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double z = margins[i];
      double loss = labels[i] * LogLink.value(exponential(-z), beyond(-z)) + z;
      sum += weights == null ? loss : weights[i] * loss;
    }
    return sum;
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double z = margins[i];
      double y = labels[i];
      double weight = weights == null ? 1 : weights[i];
      double e = exponential(-z);
      double t = beyond(-z);
      sum += weight * (y * LogLink.value(e, t) + z);
      margins[i] = weight * (1 - y * LogLink.slope(e, t));
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double curvature = labels[i] * exponential(-margins[i]);
      margins[i] = weights == null ? curvature : weights[i] * curvature;
    }
  }

  @Override
  public double differentiateTwice(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int rows,
      double[] curvatures) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double z = margins[i];
      double y = labels[i];
      double weight = weights == null ? 1 : weights[i];
      double e = exponential(-z);
      double t = beyond(-z);
      sum += weight * (y * LogLink.value(e, t) + z);
      margins[i] = weight * (1 - y * LogLink.slope(e, t));
      curvatures[i] = weights == null ? y * e : weight * (y * e);
    }
    return sum;
  }

  /** With q = (1 − θ)/y: y (q log q − q), feasible for θ ≤ 1. */
  @Override
  public double conjugate(double multiplier, double label) {
    return label * LogLink.conjugate((1 - multiplier) / label);
  }

  @Override
  public LabelRange labels() {
    return LabelRange.POSITIVE;
  }

  @Override
  public Optional<String> metric() {
    return Optional.of("gamma-deviance");
  }

  /** 2 (log(μ/y) + y/μ − 1). */
  @Override
  public double score(double margin, double label) {
    double ratio = margin - StrictMath.log(label);
    return 2 * (ratio + label * Exponentials.exp(-margin) - 1);
  }
}
