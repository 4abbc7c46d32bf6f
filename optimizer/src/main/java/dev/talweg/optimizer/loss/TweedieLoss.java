package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.loss.LogLink.beyond;
import static dev.talweg.optimizer.loss.LogLink.exponential;

import dev.talweg.optimizer.kernel.Exponentials;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The quasi-likelihood of an amount y ≥ 0 with a mass at 0, such as what a policy costs in a year,
 * whose mean μ has the logarithm z and whose variance is proportional to μᵖ with 1 &lt; p &lt; 2: a
 * Poisson number of gamma distributed amounts (Jørgensen 1987, Journal of the Royal Statistical
 * Society B 49).
 *
 * <p>With a = 2 − p and b = p − 1, which add to 1: ℓ = e^(a z)/a + y e^(−b z)/b. Twice ℓ − min ℓ is
 * the deviance; scikit-learn's objective is half the deviance, spark.ml's generalized regression
 * minimizes the same. Where a z or −b z is beyond 100 the exponential is continued ({@link
 * LogLink}).
 *
 * @param power p, strictly between 1 and 2; {@link PoissonLoss} and {@link GammaLoss} are the ends
 */
public record TweedieLoss(double power) implements LogLinked {
  private static final long serialVersionUID = 1L;

  public TweedieLoss {
    if (!(power > 1 && power < 2)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "power is %s, a number between 1 and 2 is allowed", power));
    }
  }

  @Override
  public String name() {
    return "tweedie";
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double a = 2 - power;
    double b = power - 1;
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double up = a * margins[i];
      double loss = LogLink.value(exponential(up), beyond(up)) / a;
      if (labels[i] > 0) { // most labels are 0, and save the second exponential
        double down = -b * margins[i];
        loss += labels[i] * LogLink.value(exponential(down), beyond(down)) / b;
      }
      sum += weights == null ? loss : weights[i] * loss;
    }
    return sum;
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double a = 2 - power;
    double b = power - 1;
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double up = a * margins[i];
      double e = exponential(up);
      double t = beyond(up);
      double loss = LogLink.value(e, t) / a;
      double slope = LogLink.slope(e, t);
      double y = labels[i];
      if (y > 0) {
        double down = -b * margins[i];
        e = exponential(down);
        t = beyond(down);
        loss += y * LogLink.value(e, t) / b;
        slope -= y * LogLink.slope(e, t);
      }
      double weight = weights == null ? 1 : weights[i];
      sum += weight * loss;
      margins[i] = weight * slope;
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double a = 2 - power;
    double b = power - 1;
    for (int i = 0; i < rows; i++) {
      double curvature = a * exponential(a * margins[i]);
      if (labels[i] > 0) {
        curvature += labels[i] * b * exponential(-b * margins[i]);
      }
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
    double a = 2 - power;
    double b = power - 1;
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double up = a * margins[i];
      double e = exponential(up);
      double t = beyond(up);
      double loss = LogLink.value(e, t) / a;
      double slope = LogLink.slope(e, t);
      double curvature = a * e;
      double y = labels[i];
      if (y > 0) {
        double down = -b * margins[i];
        e = exponential(down);
        t = beyond(down);
        loss += y * LogLink.value(e, t) / b;
        slope -= y * LogLink.slope(e, t);
        curvature += y * b * e;
      }
      double weight = weights == null ? 1 : weights[i];
      sum += weight * loss;
      margins[i] = weight * slope;
      curvatures[i] = weights == null ? curvature : weight * curvature;
    }
    return sum;
  }

  /**
   * For y = 0 it is (θ log θ − θ)/a, feasible for θ ≥ 0. For y above 0 every θ is feasible, but the
   * margin where the slope is θ solves e^(a z) − y e^(−b z) = θ, which has no closed form.
   */
  @Override
  public double conjugate(double multiplier, double label) {
    if (!(label > 0)) {
      return LogLink.conjugate(multiplier) / (2 - power);
    }
    double zero = StrictMath.log(label); // where the slope is 0
    double scale = StrictMath.pow(label, 2 - power);
    // the bounds are those of the plain exponentials
    return multiplier > 0
        ? NumericConjugate.of(
            this, multiplier, label, zero, StrictMath.log(multiplier + scale) / (2 - power))
        : NumericConjugate.of(
            this,
            multiplier,
            label,
            zero - StrictMath.log1p(-multiplier / scale) / (power - 1),
            zero);
  }

  @Override
  public LabelRange labels() {
    return LabelRange.NOT_NEGATIVE;
  }

  @Override
  public Optional<String> metric() {
    return Optional.of("tweedie-deviance");
  }

  /** 2 (μᵃ/a + y μ⁻ᵇ/b − yᵃ/(a b)). */
  @Override
  public double score(double margin, double label) {
    double a = 2 - power;
    double b = power - 1;
    double deviance = Exponentials.exp(a * margin) / a;
    return 2
        * (label > 0
            ? deviance
                + label * Exponentials.exp(-b * margin) / b
                - StrictMath.pow(label, a) / (a * b)
            : deviance);
  }
}
