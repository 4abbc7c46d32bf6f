package dev.talweg.optimizer.kernel;

/**
 * The normal distribution Φ, its density φ and its tail, with the same bits on every machine.
 *
 * <p>Φ is ½ erfc(−z/√2). Up to 3, erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1)/(2n + 1)!!, whose terms are
 * all positive; above, the continued fraction of erfc, backwards (Abramowitz and Stegun 7.1.6,
 * 7.1.14).
 */
public final class Normal {
  private static final double ROOT_HALF = 0x1.6a09e667f3bcdp-1;
  private static final double TWO_BY_ROOT_PI = 1.1283791670955126;
  private static final double BY_ROOT_TWO_PI = 0.3989422804014327;
  private static final double SERIES = 3;
  private static final int FRACTIONS = 24; // at 3 the rest is below 1e-17 of erfc

  private Normal() {}

  /** φ(z). */
  public static double density(double z) {
    return BY_ROOT_TWO_PI * Exponentials.expNonPositive(-0.5 * z * z);
  }

  /** Φ(z). */
  public static double below(double z) {
    double x = Math.abs(z) * ROOT_HALF;
    double e = Exponentials.expNonPositive(-x * x);
    if (x < SERIES) {
      double half = 0.5 * TWO_BY_ROOT_PI * e * series(x);
      return z < 0 ? 0.5 - half : 0.5 + half;
    }
    double below = x;
    for (int n = FRACTIONS; n > 0; n--) {
      below = x + 0.5 * n / below;
    }
    double tail = 0.25 * TWO_BY_ROOT_PI * e / below;
    return z < 0 ? tail : 1 - tail;
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; term > 0x1p-56 * sum; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return sum;
  }

  /**
   * φ(x)/Φ(−x) − x for x ≥ 1, which falls as 1/x: 1/(x + 2/(x + 3/(x + …))), Laplace's continued
   * fraction. What is behind its last term is taken as if its terms grew no more; the rest is below
   * 3e-16 of it.
   */
  public static double tailExcess(double x) {
    int terms = 20 + (int) (240 / (x * x));
    double fraction = 0.5 * (x + Math.sqrt(x * x + 4.0 * (terms + 1)));
    for (int n = terms; n > 1; n--) {
      fraction = x + n / fraction;
    }
    return 1 / fraction;
  }
}
