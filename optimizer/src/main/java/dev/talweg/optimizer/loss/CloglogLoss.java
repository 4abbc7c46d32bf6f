package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.kernel.Exponentials.LN2;

import dev.talweg.optimizer.kernel.Exponentials;

/**
 * The negative log likelihood of a class y in {0, 1} with the complementary log-log link (Fisher
 * 1922; Prentice and Gloeckler, Biometrics 34 (1978), hazards of grouped times): the probability of
 * class 1 is 1 − exp(−eᶻ), that of at least one of eᶻ events. With v = eᶻ, ℓ = v for y = 0 and
 * −log(1 − e⁻ᵛ) for y = 1. For y = 0 the exponential is continued beyond z = 100 ({@link LogLink}).
 */
public record CloglogLoss() implements RowLoss {
  private static final long serialVersionUID = 1L;

  /** Below it eᶻ is so small that terms of its square are beyond the last digit. */
  private static final double RARE = -18;

  /** Up to it a series has more digits than a difference. */
  private static final double SMALL = 0.5;

  @Override
  public String name() {
    return "cloglog";
  }

  @Override
  public double at(double margin, double label) {
    double v = LogLink.exponential(margin);
    if (label == 0) {
      return LogLink.value(v, LogLink.beyond(margin));
    }
    if (margin < RARE) {
      return 0.5 * v - margin;
    }
    return v < LN2
        ? -StrictMath.log(-StrictMath.expm1(-v))
        : -StrictMath.log1p(-StrictMath.exp(-v));
  }

  /** v, or −v/(eᵛ − 1). */
  @Override
  public double slope(double margin, double label) {
    double v = LogLink.exponential(margin);
    return label == 0 ? LogLink.slope(v, LogLink.beyond(margin)) : -ratio(v);
  }

  /** v, or ρ (v + ρ − 1) with ρ = v/(eᵛ − 1). */
  @Override
  public double curvature(double margin, double label) {
    double v = LogLink.exponential(margin);
    return label == 0 ? v : ratio(v) * (v < SMALL ? excess(v) : v - 1 + ratio(v));
  }

  private static double ratio(double v) {
    return v == 0 ? 1 : v / StrictMath.expm1(v);
  }

  /** v + v/(eᵛ − 1) − 1 = v/2 + Σ B₂ₖ v²ᵏ/(2k)!, whose rest is below 1e-17 of it. */
  private static double excess(double v) {
    double t = v * v;
    double sum = 1 / 74724249600.0;
    sum = sum * t - 691 / 1307674368000.0;
    sum = sum * t + 1 / 47900160.0;
    sum = sum * t - 1 / 1209600.0;
    sum = sum * t + 1 / 30240.0;
    sum = sum * t - 1 / 720.0;
    sum = sum * t + 1 / 12.0;
    return v * (0.5 + v * sum);
  }

  /**
   * For y = 0 θ log θ − θ, feasible for θ ≥ 0; for y = 1, feasible for −1 ≤ θ ≤ 0, without a closed
   * form but between 0 at both ends, and so at most 0.
   */
  @Override
  public double conjugate(double multiplier, double label) {
    if (label == 0) {
      return LogLink.conjugate(multiplier);
    }
    return multiplier > 0 || multiplier < -1
        ? Double.POSITIVE_INFINITY
        : Math.min(0, NumericConjugate.of(this, multiplier, label, 0, 0));
  }

  @Override
  public double prior(double meanLabel) {
    return StrictMath.log(-StrictMath.log1p(-ClassLoss.inside(meanLabel)));
  }

  @Override
  public double predict(double margin) {
    return -StrictMath.expm1(-Exponentials.exp(margin));
  }

  @Override
  public double complement(double margin) {
    return StrictMath.exp(-Exponentials.exp(margin));
  }

  @Override
  public boolean classifies() {
    return true;
  }
}
