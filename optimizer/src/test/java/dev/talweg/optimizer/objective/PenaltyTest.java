package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PenaltyTest {
  private static final double[] NONE = {};

  /** h_0 of one feature; a bound may be infinite, and the interval need not hold 0. */
  @Provide
  Arbitrary<Penalty> penalties() {
    Arbitrary<Double> weight = Arbitraries.of(0.0, 0.1, 1.0, 3.0);
    Arbitrary<Double> bound =
        Arbitraries.of(Double.NEGATIVE_INFINITY, -2.0, -0.5, 0.0, 0.7, Double.POSITIVE_INFINITY);
    return Combinators.combine(weight, weight, bound, bound)
        .filter((l1, l2, a, b) -> a <= b && a < 1 && b > -3)
        .as(
            (l1, l2, a, b) ->
                new Penalty(
                    new double[] {l2}, new double[] {l1}, new double[] {a}, new double[] {b}));
  }

  /** h_0 plus a parabola, ∞ outside the bounds. */
  private static double sum(Penalty h, double u, double w, double slope, double curvature) {
    if (u < h.lower(0) || u > h.upper(0)) {
      return Double.POSITIVE_INFINITY;
    }
    return slope * (u - w) + 0.5 * curvature * (u - w) * (u - w) + h.l1(0) * Math.abs(u);
  }

  private static final Arbitrary<Double> NUMBERS = Arbitraries.doubles().between(-4, 4);

  @Provide
  Arbitrary<Double> numbers() {
    return NUMBERS;
  }

  @Property
  void theProximalPointIsBelowEveryOtherAndSatisfiesTheConditions(
      @ForAll("penalties") Penalty h,
      @ForAll("numbers") double w,
      @ForAll("numbers") double slope,
      @ForAll("numbers") double other) {
    double curvature = 1.5;
    double u = h.proximal(0, w, slope, curvature);
    double least = sum(h, u, w, slope, curvature);
    // values are at most 60, so a rounding is at most 1e-14
    assertTrue(least <= sum(h, other, w, slope, curvature) + 1e-13, () -> u + " is not least");
    assertEquals(0, h.residual(0, u, slope + curvature * (u - w)), 1e-13);
  }

  @Property
  void theConjugateIsTheSupremum(
      @ForAll("penalties") Penalty h, @ForAll("numbers") double v, @ForAll("numbers") double w) {
    double conjugate = h.conjugate(0, v);
    if (w >= h.lower(0) && w <= h.upper(0)) {
      // Fenchel and Young; terms are at most 40
      assertTrue(conjugate >= v * w - h.value(new double[] {w}) - 1e-13);
    }
    if (Double.isFinite(conjugate)) {
      double reached = Double.NEGATIVE_INFINITY;
      double low = Math.max(h.lower(0), -50);
      double high = Math.min(h.upper(0), 50);
      for (int k = 0; k <= 200_000; k++) {
        double at = low + (high - low) * k / 200_000;
        reached = Math.max(reached, v * at - h.value(new double[] {at}));
      }
      // between two points of the grid, 5e-4 apart, a parabola of curvature 3 and a slope of at
      // most 7 at a kink hide at most 2e-3
      assertEquals(reached, conjugate, 2e-3);
    }
  }

  @Property
  void aFeasibleScaleIsFeasibleAndLargerOnesAreNot(
      @ForAll("penalties") Penalty h, @ForAll("numbers") double v) {
    double scale = h.feasibleScale(0, v, v);
    assertTrue(scale >= 0 && scale <= 1);
    assertTrue(Double.isFinite(h.conjugate(0, scale * v)));
    if (scale < 1) {
      assertEquals(Double.POSITIVE_INFINITY, h.conjugate(0, (scale + 1e-9) * v), "scale " + scale);
    }
  }

  @Test
  void onlyAPenaltyOnEveryWeightCertifies() {
    assertTrue(new Penalty(new double[] {0, 1}, new double[] {1, 0}, NONE, NONE).certifies());
    assertFalse(new Penalty(new double[] {0, 1}, new double[] {0, 1}, NONE, NONE).certifies());
    double[] bounds = {-1, Double.NEGATIVE_INFINITY};
    assertTrue(
        new Penalty(new double[] {0, 1}, NONE, bounds, new double[] {1, 1}).certifies(),
        "a box is compact");
    assertFalse(new Penalty(new double[] {1, 0}, NONE, bounds, new double[] {1, 1}).certifies());
  }

  @Test
  void whatIsNoPenaltyIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Penalty.ridge(new double[] {-1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Penalty(new double[1], new double[] {Double.NaN}, NONE, NONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Penalty(new double[1], new double[2], NONE, NONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Penalty(new double[1], NONE, new double[] {2}, new double[] {1}));
  }
}
