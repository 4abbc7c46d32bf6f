package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Exponentials;

/**
 * f(z) = z Φ(z) with the normal distribution Φ itself, as PyTorch's and Keras' default, not its
 * approximation by tanh; f′ = Φ(z) + z φ(z). Hendrycks and Gimpel, arXiv:1606.08415 (2016).
 *
 * <p>Φ is ½ erfc(−z/√2). Up to 3, erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1)/(2n + 1)!!, whose terms are
 * all positive; above, the continued fraction of erfc, backwards (Abramowitz and Stegun 7.1.6,
 * 7.1.14).
 */
public record Gelu() implements Activation {
  private static final long serialVersionUID = 1L;
  private static final double ROOT_HALF = 0x1.6a09e667f3bcdp-1;
  private static final double TWO_BY_ROOT_PI = 1.1283791670955126;
  private static final double BY_ROOT_TWO_PI = 0.3989422804014327;
  private static final double SERIES = 3;
  private static final int FRACTIONS = 24; // at 3 the rest is below 1e-17 of erfc

  @Override
  public String name() {
    return "gelu";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = z[i] * normal(z[i]);
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      double density = BY_ROOT_TWO_PI * Exponentials.expNonPositive(-0.5 * z[i] * z[i]);
      slopes[i] *= normal(z[i]) + z[i] * density;
    }
  }

  /** Φ(z). */
  static double normal(double z) {
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
}
