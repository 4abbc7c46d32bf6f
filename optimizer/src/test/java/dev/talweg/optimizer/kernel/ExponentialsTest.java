package dev.talweg.optimizer.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ExponentialsTest {
  /** The documented error, in units of the last place of the exact value, plus StrictMath's own. */
  private static final double ULPS = 3;

  @Property(tries = 20_000)
  void expIsWithinTwoUnitsOfTheLastPlace(@ForAll @DoubleRange(min = -708, max = 0) double x) {
    double expected = StrictMath.exp(x);
    assertEquals(expected, Exponentials.expNonPositive(x), ULPS * Math.ulp(expected));
  }

  @Property(tries = 20_000)
  void expOfEitherSignIsWithinTwoUnitsOfTheLastPlace(
      @ForAll @DoubleRange(min = -708, max = 709) double x) {
    double expected = StrictMath.exp(x);
    assertEquals(expected, Exponentials.exp(x), ULPS * Math.ulp(expected));
  }

  @Property(tries = 20_000)
  void log1pIsWithinTwoUnitsOfTheLastPlace(@ForAll @DoubleRange(min = 0, max = 1) double u) {
    double expected = StrictMath.log1p(u);
    assertEquals(expected, Exponentials.log1pUnit(u), ULPS * Math.ulp(expected));
  }

  @Test
  void theEndsAreExact() {
    assertEquals(1.0, Exponentials.expNonPositive(0));
    assertEquals(0.0, Exponentials.expNonPositive(-709));
    assertEquals(0.0, Exponentials.expNonPositive(Double.NEGATIVE_INFINITY));
    assertEquals(0.0, Exponentials.exp(-709));
    assertEquals(Exponentials.exp(709), Exponentials.exp(Double.POSITIVE_INFINITY));
    assertTrue(Exponentials.exp(709) < Double.POSITIVE_INFINITY);
    assertTrue(Double.isNaN(Exponentials.exp(Double.NaN)));
    assertEquals(0.0, Exponentials.log1pUnit(0));
    assertEquals(Math.log(2), Exponentials.log1pUnit(1));
    assertEquals(Double.MIN_NORMAL, Exponentials.log1pUnit(Double.MIN_NORMAL));
    assertTrue(Double.isNaN(Exponentials.expNonPositive(Double.NaN)));
  }
}
