package dev.talweg.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumericTransformTest {
  @ParameterizedTest
  @CsvSource({
    "NONE, -3.5, -3.5",
    "LOG1P, 1e300, 690.7755278982137",
    "LOG1P, -1, -Infinity",
    "LOG1P, -2, -Infinity",
    "SQRT, 0, 0",
    "SQRT, 2.25, 1.5",
    "SQRT, -1e-300, -Infinity",
    "LOG1P, Infinity, Infinity",
    "SQRT, Infinity, Infinity",
    "ASINH, -Infinity, -Infinity",
  })
  void aNumberBecomesItsTransformAndAnInfiniteOneWhereItHasNone(
      NumericTransform transform, double x, double expected) {
    assertEquals(expected, transform.of(x));
    assertTrue(Double.isNaN(transform.of(Double.NaN)));
  }

  /** Those of Python's math.asinh, in every branch; both are within an ulp of the number. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1e-300, 1e-300",
    "1e-4, 9.999999983333334e-05",
    "0.3, 0.29567304756342244",
    "2, 1.4436354751788103",
    "2.5, 1.6472311463710958",
    "1000, 7.600902709541988",
    "268435456, 20.101268236238415",
    "1e9, 21.416413017506354",
    "1e300, 691.4686750787736"
  })
  void asinhIsThatOfOtherLibraries(double x, double expected) {
    assertEquals(expected, NumericTransform.ASINH.of(x), 2 * Math.ulp(expected));
  }

  @Property
  void asinhIsOddAndOfEveryNumber(@ForAll double x) {
    double number = NumericTransform.ASINH.of(x);
    assertTrue(Math.abs(number) <= Math.abs(x) && Math.abs(number) < 711); // asinh of the largest
    assertEquals(-number, NumericTransform.ASINH.of(-x));
  }

  @Property
  void aNumberIsFiniteExactlyWhereItIsAllowed(@ForAll double x) {
    assertEquals(x > -1, Double.isFinite(NumericTransform.LOG1P.of(x)));
    assertEquals(x >= 0, Double.isFinite(NumericTransform.SQRT.of(x)));
  }
}
