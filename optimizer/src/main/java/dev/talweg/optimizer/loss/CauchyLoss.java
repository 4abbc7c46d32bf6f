package dev.talweg.optimizer.loss;

/**
 * The likelihood of Cauchy's distribution, for labels among which some are simply wrong: with r = z
 * − y, ℓ = (c²/2) log(1 + (r/c)²) (Black and Anandan 1996, the Lorentzian). The pull of a row falls
 * again beyond |r| = c.
 *
 * <p>It is not convex: what is found depends on the start.
 *
 * @param scale c in units of the label, above 0
 */
public record CauchyLoss(double scale) implements ResidualLoss {
  private static final long serialVersionUID = 1L;

  public CauchyLoss {
    Ranges.positive("scale", scale);
  }

  @Override
  public String name() {
    return "cauchy";
  }

  @Override
  public boolean convex() {
    return false;
  }

  @Override
  public double at(double residual) {
    double x = residual / scale;
    return 0.5 * scale * scale * StrictMath.log1p(x * x);
  }

  @Override
  public double slope(double residual) {
    double x = residual / scale;
    return residual / (1 + x * x);
  }

  /** (1 − x²)/(1 + x²)² with x = r/c, in factors that do not overflow. */
  @Override
  public double curvature(double residual) {
    double x = residual / scale;
    double d = 1 / (1 + x * x);
    return ((1 - x) * d) * ((1 + x) * d);
  }

  /** It grows more slowly than any line, so no θ but 0 has a bound. */
  @Override
  public double conjugate(double multiplier) {
    return multiplier == 0 ? 0 : Double.POSITIVE_INFINITY;
  }
}
