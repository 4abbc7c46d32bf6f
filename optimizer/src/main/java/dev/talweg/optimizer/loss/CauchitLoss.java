package dev.talweg.optimizer.loss;

/**
 * The negative log likelihood of a class whose probability is Cauchy's distribution F(z) = 1/2 +
 * arctan(z)/π, for classes of which some are wrong however sure the margin is (Koenker and Yoon,
 * Journal of Econometrics 152 (2009)): with m = (2y − 1) z, ℓ = −log F(m), which grows as log |m|.
 *
 * <p>It is not convex: what is found depends on the start.
 */
public record CauchitLoss() implements ClassLoss {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "cauchit";
  }

  @Override
  public boolean convex() {
    return false;
  }

  @Override
  public double at(double m) {
    return m > 0 ? -StrictMath.log1p(-predict(-m)) : -StrictMath.log(predict(m));
  }

  /** −ρ, with ρ = F′/F. */
  @Override
  public double slope(double m) {
    return -1 / (Math.PI * (1 + m * m) * predict(m));
  }

  /** ρ (ρ + 2m/(1 + m²)). */
  @Override
  public double curvature(double m) {
    double slope = slope(m);
    return slope * (slope - 2 * m / (1 + m * m));
  }

  /** It is above 0 and grows more slowly than any line, so no t but 0 has a bound. */
  @Override
  public double conjugate(double t) {
    return t == 0 ? 0 : Double.POSITIVE_INFINITY;
  }

  @Override
  public double prior(double meanLabel) {
    double p = ClassLoss.inside(meanLabel);
    return p < 0.5 ? -1 / StrictMath.tan(Math.PI * p) : 1 / StrictMath.tan(Math.PI * (1 - p));
  }

  /** F, below −1 by the angle from the other side, which has all its digits. */
  @Override
  public double predict(double margin) {
    return margin < -1
        ? StrictMath.atan(-1 / margin) / Math.PI
        : 0.5 + StrictMath.atan(margin) / Math.PI;
  }
}
