package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.loss.LogLink.beyond;
import static dev.talweg.optimizer.loss.LogLink.exponential;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The negative log likelihood of a count y ≥ 0 whose mean has the logarithm z, without the part
 * that depends on y alone: ℓ = eᶻ − y z (McCullagh and Nelder 1989, chapter 6). Labels need not be
 * whole: claims per year of exposure, weighted by it, are the same model as claims with an offset.
 *
 * <p>Statsmodels and scikit-learn fit the same; scikit-learn's objective is half the deviance,
 * which is ℓ − min ℓ. Beyond z = 100 the exponential is continued ({@link LogLink}).
 */
public record PoissonLoss() implements LogLinked {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "poisson";
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double z = margins[i];
      double loss = LogLink.value(exponential(z), beyond(z)) - labels[i] * z;
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
      double e = exponential(z);
      double t = beyond(z);
      sum += weight * (LogLink.value(e, t) - y * z);
      margins[i] = weight * (LogLink.slope(e, t) - y);
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double curvature = exponential(margins[i]);
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
      double e = exponential(z);
      double t = beyond(z);
      sum += weight * (LogLink.value(e, t) - y * z);
      margins[i] = weight * (LogLink.slope(e, t) - y);
      curvatures[i] = weights == null ? e : weight * e;
    }
    return sum;
  }

  @Override
  public boolean canonical() {
    return true;
  }

  /** With μ = θ + y: μ log μ − μ, feasible for μ ≥ 0. */
  @Override
  public double conjugate(double multiplier, double label) {
    return LogLink.conjugate(multiplier + label);
  }

  @Override
  public LabelRange labels() {
    return LabelRange.NOT_NEGATIVE;
  }

  @Override
  public Optional<String> metric() {
    return Optional.of("poisson-deviance");
  }

  /** 2 (y log(y/μ) − y + μ). */
  @Override
  public double score(double margin, double label) {
    double deviance = -label + predict(margin);
    return 2 * (label > 0 ? deviance + label * (StrictMath.log(label) - margin) : deviance);
  }
}
