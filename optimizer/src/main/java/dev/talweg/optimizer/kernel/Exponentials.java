package dev.talweg.optimizer.kernel;

/**
 * exp and log1p with the same bits on every machine, for the arguments that losses need.
 *
 * <p>{@code Math.exp} may differ in its last bit between processors and between a JVM's interpreter
 * and its compiler; these are plain multiplications and additions. Both reduce the argument (Cody
 * and Waite) and sum a series by Horner's rule, without a table and without a branch that depends
 * on data, so that they can be done in lanes: {@code kernel.panama.PanamaKernels} repeats these
 * operations in this order, and {@code KernelsTest} holds the two together, bit by bit. Error at
 * most 2 units in the last place (tested against {@code StrictMath}).
 */
public final class Exponentials {
  /** Below it e^x is given as 0: the result would be subnormal. */
  public static final double LOWEST = -708.0;

  public static final double LOG2_E = 1.4426950408889634;
  public static final double LN2_HIGH = 0x1.62e42fee00000p-1;
  public static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  public static final double LN2 = 0x1.62e42fefa39efp-1;

  /**
   * Added to a number below 2⁵¹ it rounds that to an integer k, and leaves k + 1023, the exponent
   * of 2ᵏ, in the last eleven bits: no conversion to an integer, for which AVX2 has no lanes.
   */
  public static final double TO_EXPONENT = 0x1.8p52 + 1023;

  /** Above it log(1 + u) is taken of (1 + u)/2: √2 − 1. */
  public static final double LARGE = 0.41421356237309503;

  private Exponentials() {}

  /** e^x for x ≤ 0; 0 below −708, where the result would be subnormal. */
  public static double expNonPositive(double x) {
    double bounded = x < LOWEST ? LOWEST : x;
    double shifted = bounded * LOG2_E + TO_EXPONENT;
    double k = shifted - TO_EXPONENT;
    double r = (bounded - k * LN2_HIGH) - k * LN2_LOW;
    // Taylor to r¹³/13!: |r| ≤ 0.347, so the rest is below 5e-18
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r * r + r + 1.0;
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
    // log(1+u) = log 2 + log(1+v), v = (u−1)/2, where u is large: |v| ≤ 0.293
    boolean large = u > LARGE;
    double v = large ? (u - 1.0) * 0.5 : u;
    double s = v / (2.0 + v);
    double t = s * s;
    // 2 artanh(s) to s²³/23: |s| ≤ 0.1716, so the rest is below 1e-20
    double p = 2.0 / 23.0;
    p = p * t + 2.0 / 21.0;
    p = p * t + 2.0 / 19.0;
    p = p * t + 2.0 / 17.0;
    p = p * t + 2.0 / 15.0;
    p = p * t + 2.0 / 13.0;
    p = p * t + 2.0 / 11.0;
    p = p * t + 2.0 / 9.0;
    p = p * t + 2.0 / 7.0;
    p = p * t + 2.0 / 5.0;
    p = p * t + 2.0 / 3.0;
    // log(1+v) = v − s·(v − s²·p): v carries the leading digits exactly (fdlibm's log1p)
    double log = v - s * (v - t * p);
    return large ? LN2 + log : log;
  }
}
