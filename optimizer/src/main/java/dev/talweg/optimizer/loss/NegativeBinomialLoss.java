package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.kernel.Exponentials.expNonPositive;

import dev.talweg.optimizer.kernel.Exponentials;
import java.util.Optional;

/**
 * The negative log likelihood of a count y ≥ 0 that varies more than Poisson's, whose mean μ has
 * the logarithm z and whose variance is μ + α μ², without the part that depends on y alone: ℓ = (y
 * + 1/α) log(1 + α eᶻ) − y z (Hilbe, Negative Binomial Regression (2011), NB2). It needs no
 * continuation: the logarithm takes back what the exponential grows.
 *
 * @param alpha α, above 0; towards 0 it is the {@link PoissonLoss}
 */
public record NegativeBinomialLoss(double alpha) implements RowLoss, LogLinked {
  private static final long serialVersionUID = 1L;

  public NegativeBinomialLoss {
    Ranges.positive("alpha", alpha);
  }

  @Override
  public String name() {
    return "negative-binomial";
  }

  @Override
  public double at(double margin, double label) {
    double u = margin + StrictMath.log(alpha);
    return (label + 1 / alpha) * Exponentials.softplus(u) - label * margin;
  }

  /** (eᶻ − y)/(1 + α eᶻ). */
  @Override
  public double slope(double margin, double label) {
    double e = expNonPositive(-Math.abs(margin));
    return margin > 0 ? (1 - label * e) / (e + alpha) : (e - label) / (1 + alpha * e);
  }

  /** (1 + α y) eᶻ/(1 + α eᶻ)². */
  @Override
  public double curvature(double margin, double label) {
    double e = expNonPositive(-Math.abs(margin));
    double root = margin > 0 ? e + alpha : 1 + alpha * e;
    return (1 + alpha * label) * e / (root * root);
  }

  /**
   * With k = 1/α and p = (θ + y)/(y + k): (y + k) (p log p + (1 − p) log(1 − p)) − (θ + y) log α,
   * feasible for p in [0, 1].
   */
  @Override
  public double conjugate(double multiplier, double label) {
    double mean = multiplier + label;
    double size = label + 1 / alpha;
    return size * new LogisticLoss().conjugate(mean / size, 0) - mean * StrictMath.log(alpha);
  }

  @Override
  public LabelRange labels() {
    return LabelRange.NOT_NEGATIVE;
  }

  @Override
  public Optional<String> metric() {
    return Optional.of("negative-binomial-deviance");
  }

  /** 2 (y log(y/μ) − (y + 1/α) log((1 + αy)/(1 + αμ))). */
  @Override
  public double score(double margin, double label) {
    double least =
        label > 0
            ? (label + 1 / alpha) * StrictMath.log1p(alpha * label) - label * StrictMath.log(label)
            : 0;
    return 2 * (at(margin, label) - least);
  }
}
