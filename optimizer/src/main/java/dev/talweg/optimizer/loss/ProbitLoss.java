package dev.talweg.optimizer.loss;

import dev.talweg.optimizer.kernel.Normal;

/**
 * The negative log likelihood of a class whose probability is Φ(z), the normal distribution (Bliss,
 * Science 79 (1934)): with m = (2y − 1) z, ℓ = −log Φ(m).
 *
 * <p>With ρ = φ(m)/Φ(m) the slope is −ρ and the curvature ρ (ρ + m). Below m = −1 the continued
 * fraction of {@link Normal} gives ρ + m itself, which far out would have no digits as a sum, and
 * −log Φ = m²/2 + log √2π + log ρ.
 */
public record ProbitLoss() implements ClassLoss {
  private static final long serialVersionUID = 1L;
  private static final double LOG_ROOT_TWO_PI = 0.9189385332046728;
  private static final double TAIL = -1;
  private static final int MOST_STEPS = 50;

  @Override
  public String name() {
    return "probit";
  }

  @Override
  public double at(double m) {
    if (m < TAIL) {
      return 0.5 * m * m + (LOG_ROOT_TWO_PI + StrictMath.log(Normal.tailExcess(-m) - m));
    }
    return m > 0 ? -StrictMath.log1p(-Normal.below(-m)) : -StrictMath.log(Normal.below(m));
  }

  @Override
  public double slope(double m) {
    return m < TAIL ? m - Normal.tailExcess(-m) : -ratio(m);
  }

  @Override
  public double curvature(double m) {
    double excess = m < TAIL ? Normal.tailExcess(-m) : ratio(m) + m;
    return -slope(m) * excess;
  }

  private static double ratio(double m) {
    return Normal.density(m) / Normal.below(m);
  }

  /** No closed form; feasible for t = sθ ≤ 0, and at most t²/2 because log Φ(m) ≤ −m²/2 below 0. */
  @Override
  public double conjugate(double t) {
    return t > 0
        ? Double.POSITIVE_INFINITY
        : Math.min(0.5 * t * t, NumericConjugate.of(this, t, 1, 0, 0));
  }

  /**
   * Φ⁻¹, by Newton's method for log Φ(z) = log p: log Φ is concave, so from the second step on it
   * comes from below.
   */
  @Override
  public double prior(double meanLabel) {
    double p = ClassLoss.inside(meanLabel);
    double rare = StrictMath.log(Math.min(p, 1 - p));
    double z = 0;
    for (int k = 0; k < MOST_STEPS; k++) {
      double step = (rare + at(z)) / -slope(z);
      z += step;
      if (Math.abs(step) <= 0x1p-52 * Math.abs(z)) {
        break;
      }
    }
    return p < 0.5 ? z : -z;
  }

  @Override
  public double predict(double margin) {
    return Normal.below(margin);
  }
}
