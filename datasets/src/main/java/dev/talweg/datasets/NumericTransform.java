package dev.talweg.datasets;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * What a numeric column's numbers become where they are read, before anything is counted, filled in
 * or learned: the same bits on every machine.
 */
public enum NumericTransform {
  /** The number as it is. */
  NONE("x", "any number", x -> x),
  /** Of counts and amounts, which are skewed. */
  LOG1P("ln(1 + x)", "a number above −1", StrictMath::log1p),
  SQRT("√x", "a number of at least 0", StrictMath::sqrt),
  /** Like the logarithm in both directions: of amounts that may be negative. */
  ASINH("ln(x + √(x² + 1))", "any number", NumericTransform::asinh);

  private final String formula;
  private final String allowed;

  @SuppressWarnings("ImmutableEnumChecker") // no function here has a state
  private final DoubleUnaryOperator function;

  NumericTransform(String formula, String allowed, DoubleUnaryOperator function) {
    this.formula = formula;
    this.allowed = allowed;
    this.function = function;
  }

  /** The name in configurations and features. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Of a number x. */
  public String formula() {
    return formula;
  }

  /** What numbers it takes. */
  public String allowed() {
    return allowed;
  }

  /** The transformed number: NaN of NaN, infinite where {@code x} is none that is allowed. */
  double of(double x) {
    double number = function.applyAsDouble(x);
    return Double.isNaN(number) && !Double.isNaN(x) ? Double.NEGATIVE_INFINITY : number;
  }

  /** The name of a column's feature, such as {@code log1p(amount)}. */
  String named(String column) {
    return this == NONE ? column : text() + "(" + column + ")";
  }

  /** As FDLIBM's s_asinh.c has it, which StrictMath has not. */
  private static double asinh(double x) {
    double size = Math.abs(x);
    double value;
    if (size < 0x1p-28) {
      value = size;
    } else if (size <= 2) {
      double square = size * size;
      value = StrictMath.log1p(size + square / (1 + StrictMath.sqrt(1 + square)));
    } else if (size <= 0x1p28) {
      value = StrictMath.log(2 * size + 1 / (StrictMath.sqrt(size * size + 1) + size));
    } else {
      value = StrictMath.log(size) + StrictMath.log(2);
    }
    return Math.copySign(value, x);
  }
}
