package dev.talweg.optimizer.kernel;

/**
 * exp and log1p with the same bits on every machine, for the arguments that losses need.
 *
 * <p>{@code Math.exp} may differ in its last bit between processors and between a JVM's interpreter
 * and its compiler; these are plain multiplications and additions, without a table and without a
 * branch that depends on data, so that they can be done in lanes: {@code
 * kernel.panama.PanamaKernels} repeats these operations in this order, and {@code KernelsTest}
 * holds the two together, bit by bit. Series are summed in pairs, pairs of pairs, … (Estrin 1960):
 * by Horner's rule each term waits for the one before, and a processor does nothing else meanwhile.
 * Error at most 2 units in the last place (tested against {@code StrictMath}).
 */
public final class Exponentials {
  /** Below it e^x is given as 0: the result would be subnormal. */
  public static final double LOWEST = -708.0;

  public static final double LOG2_E = 1.4426950408889634;
  public static final double LN2_HIGH = 0x1.62e42fee00000p-1;
  public static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /** log 2. */
  public static final double LN2 = 0x1.62e42fefa39efp-1;

  /**
   * Added to a number below 2⁵¹ it rounds that to an integer k, and leaves k + 1023, the exponent
   * of 2ᵏ, in the last eleven bits: no conversion to an integer, for which AVX2 has no lanes.
   */
  public static final double TO_EXPONENT = 0x1.8p52 + 1023;

  private Exponentials() {}

  /** e^x for x ≤ 0; 0 below −708, where the result would be subnormal. */
  public static double expNonPositive(double x) {
    double bounded = x < LOWEST ? LOWEST : x;
    double shifted = bounded * LOG2_E + TO_EXPONENT;
    double k = shifted - TO_EXPONENT;
    double r = (bounded - k * LN2_HIGH) - k * LN2_LOW;
    // Taylor to r¹³/13!: |r| ≤ 0.347, so the rest is below 5e-18
    double r2 = r * r;
    double r4 = r2 * r2;
    double a = (r * (1.0 / 6.0) + 0.5) + r2 * (r * (1.0 / 120.0) + 1.0 / 24.0);
    double b = (r * (1.0 / 5040.0) + 1.0 / 720.0) + r2 * (r * (1.0 / 362880.0) + 1.0 / 40320.0);
    double c =
        (r * (1.0 / 39916800.0) + 1.0 / 3628800.0)
            + r2 * (r * (1.0 / 6227020800.0) + 1.0 / 479001600.0);
    double p = (r2 * (r4 * (r4 * c + b) + a) + r) + 1.0;
    double scaled = p * Double.longBitsToDouble(Double.doubleToRawLongBits(shifted) << 52);
    return x < LOWEST ? 0.0 : scaled;
  }

  /**
   * e^x for either sign; 0 below −708, where the result would be subnormal, and e^709 above 709.
   */
  public static double exp(double x) {
    return expNonPositive(Math.min(x, 709.0)); // whose reduction serves both signs
  }

  /** log(1 + e^x), which never overflows. */
  public static double softplus(double x) {
    return Math.max(x, 0) + log1pUnit(expNonPositive(-Math.abs(x)));
  }

  /** 1/(1 + e^−x), which never overflows. */
  public static double sigmoid(double x) {
    double e = expNonPositive(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  /** log(1 + u) for u in [0, 1]. */
  public static double log1pUnit(double u) {
    double s = u / (u + 2.0);
    double t = s * s;
    double t2 = t * t;
    double t4 = t2 * t2;
    // 2 artanh(s) to s³³/33: s ≤ 1/3, so the rest is below 2e-18
    double a = (t * (2.0 / 5.0) + 2.0 / 3.0) + t2 * (t * (2.0 / 9.0) + 2.0 / 7.0);
    double b = (t * (2.0 / 13.0) + 2.0 / 11.0) + t2 * (t * (2.0 / 17.0) + 2.0 / 15.0);
    double c = (t * (2.0 / 21.0) + 2.0 / 19.0) + t2 * (t * (2.0 / 25.0) + 2.0 / 23.0);
    double d = (t * (2.0 / 29.0) + 2.0 / 27.0) + t2 * (t * (2.0 / 33.0) + 2.0 / 31.0);
    double p = (t4 * b + a) + t4 * t4 * (t4 * d + c);
    // log(1+u) = u − (h − s·(h + s²·p)): u carries the leading digits exactly (fdlibm's log1p)
    double h = u * 0.5 * u;
    return u - (h - s * (t * p + h));
  }
}
