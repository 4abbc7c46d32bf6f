package dev.talweg.optimizer.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every loss of the catalog promises: the table is the {@link Catalog}, so a loss inherits
 * these tests by its line there.
 */
class LossConformanceTest {
  private static final double H = 0x1p-17;

  static List<PointwiseLoss> losses() {
    return Catalog.losses().stream()
        .map(entry -> entry.factory().apply(Settled.defaults(entry)))
        .toList();
  }

  /** Margins in [−5, 5] with a label that the loss allows. */
  private record Point(double z, double y) {}

  private static List<Point> points(PointwiseLoss loss) {
    return java.util.stream.LongStream.range(0, 500)
        .mapToObj(
            k -> {
              double u = CounterRandom.uniform(11, k, 0, 0);
              double y = 4 * CounterRandom.uniform(11, k, 1, 0) - 2;
              return new Point(10 * u - 5, loss.classifies() ? (y > 0 ? 1 : 0) : y);
            })
        .toList();
  }

  private static double value(PointwiseLoss loss, double z, double y) {
    return loss.value(new double[] {z}, new double[] {y}, null, 1);
  }

  private static double slope(PointwiseLoss loss, double z, double y) {
    double[] margins = {z};
    loss.differentiate(margins, new double[] {y}, null, 1);
    return margins[0];
  }

  private static double curvature(PointwiseLoss loss, double z, double y) {
    double[] margins = {z};
    loss.curve(margins, new double[] {y}, null, 1);
    return margins[0];
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theSlopeIsThatOfFiniteDifferences(PointwiseLoss loss) {
    for (Point p : points(loss)) {
      double difference = (value(loss, p.z + H, p.y) - value(loss, p.z - H, p.y)) / (2 * H);
      // second derivatives are at most 2: a kink or the third derivative moves it by at most 2H;
      // two values below 64 are rounded
      assertEquals(difference, slope(loss, p.z, p.y), 2 * H + 4 * Math.ulp(64.0) / H, p.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theCurvatureLiesBetweenTheSlopesOnBothSides(PointwiseLoss loss) {
    for (Point p : points(loss)) {
      double left = (slope(loss, p.z, p.y) - slope(loss, p.z - H, p.y)) / H;
      double right = (slope(loss, p.z + H, p.y) - slope(loss, p.z, p.y)) / H;
      double error = H + 4 * Math.ulp(16.0) / H; // a third derivative below 1; slopes below 16
      double c = curvature(loss, p.z, p.y);
      assertTrue(c >= Math.min(left, right) - error, p + ": " + c + " < " + left + ", " + right);
      assertTrue(c <= Math.max(left, right) + error, p + ": " + c + " > " + left + ", " + right);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void itIsConvex(PointwiseLoss loss) {
    List<Point> all = points(loss);
    for (int k = 1; k < all.size(); k++) {
      Point a = all.get(k - 1);
      double z = all.get(k).z;
      double tangent = value(loss, a.z, a.y) + slope(loss, a.z, a.y) * (z - a.z);
      assertTrue(value(loss, z, a.y) >= tangent - 8 * Math.ulp(128.0), a + " and " + z);
      assertTrue(curvature(loss, z, a.y) >= 0);
    }
  }

  /** A certificate of optimality is as true as this. */
  @ParameterizedTest
  @MethodSource("losses")
  void theConjugateIsTightAtTheSlopeAndABoundElsewhere(PointwiseLoss loss) {
    List<Point> all = points(loss);
    for (int k = 1; k < all.size(); k++) {
      Point p = all.get(k);
      double multiplier = slope(loss, p.z, p.y);
      double conjugate = loss.conjugate(multiplier, p.y);
      // z ℓ' − ℓ: products below 128; log(1 − p) loses what 1 − p lost, at margins up to 5: e⁵ ulp
      double error = 16 * Math.ulp(128.0) + 150 * 8 * Math.ulp(1.0);
      assertEquals(p.z * multiplier - value(loss, p.z, p.y), conjugate, error, p.toString());
      double other = all.get(k - 1).z;
      assertTrue(conjugate >= multiplier * other - value(loss, other, p.y) - error, p.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aWeightOfTwoIsTheRowTwice(PointwiseLoss loss) {
    for (Point p : points(loss)) {
      double[] twice = {p.z, p.z};
      double[] labels = {p.y, p.y};
      double[] once = {p.z};
      double sum = loss.differentiate(twice, labels, null, 2);
      double weighted = loss.differentiate(once, labels, new double[] {2}, 1);
      assertEquals(sum, weighted); // doubling is exact
      assertEquals(twice[0] + twice[1], once[0]);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aWeightOfZeroIsNoRow(PointwiseLoss loss) {
    for (double z : new double[] {-1e150, -700, 0, 700, 1e150}) {
      double[] margins = {z, 1};
      double with = loss.differentiate(margins, new double[] {1, 1}, new double[] {0, 1}, 2);
      double[] alone = {1};
      assertEquals(loss.differentiate(alone, new double[] {1}, new double[] {1}, 1), with);
      assertEquals(0, margins[0], 0); // of either sign
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void valueDifferentiateAndCurveAgreeAndReadOnlyTheirRows(PointwiseLoss loss) {
    List<Point> all = points(loss);
    double[] labels = all.stream().mapToDouble(Point::y).toArray();
    double[] weights = new double[labels.length];
    java.util.Arrays.setAll(weights, k -> 0.5 + (k % 7));
    double[] margins = all.stream().mapToDouble(Point::z).toArray();
    double[] left = margins.clone();
    double value = loss.value(margins, labels, weights, 400);
    assertArrayEquals(left, margins, "value changes no margin");
    assertEquals(value, loss.differentiate(left, labels, weights, 400));
    for (int k = 400; k < margins.length; k++) {
      assertEquals(margins[k], left[k], "a row behind the last was touched");
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void bothDerivativesAtOnceHaveTheBitsOfEach(PointwiseLoss loss) {
    List<Point> all = points(loss);
    double[] labels = all.stream().mapToDouble(Point::y).toArray();
    for (double[] weights : new double[][] {null, labels.clone()}) {
      if (weights != null) {
        java.util.Arrays.setAll(weights, k -> 0.5 + (k % 7));
      }
      double[] together = all.stream().mapToDouble(Point::z).toArray();
      double[] slopes = together.clone();
      double[] curvatures = together.clone();
      double[] second = new double[labels.length];
      double value = loss.differentiateTwice(together, labels, weights, labels.length, second);
      assertEquals(loss.differentiate(slopes, labels, weights, labels.length), value);
      loss.curve(curvatures, labels, weights, labels.length);
      assertArrayEquals(slopes, together);
      assertArrayEquals(curvatures, second);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void ofACanonicalLossTheSlopeFallsByTheLabelAndTheCurvatureDoesNot(PointwiseLoss loss) {
    for (Point p : points(loss)) {
      if (loss.canonical()) {
        double y = loss.classifies() ? 1 - p.y : p.y + 0.5;
        // slopes below 8
        assertEquals(slope(loss, p.z, p.y) + p.y - y, slope(loss, p.z, y), 2 * Math.ulp(8.0));
        assertEquals(curvature(loss, p.z, p.y), curvature(loss, p.z, y));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void noFiniteMarginOverflowsTheSlope(PointwiseLoss loss) {
    for (double z : new double[] {-1e150, -1e3, -750, 750, 1e3, 1e150}) {
      for (double y : new double[] {0, 1}) {
        assertTrue(Double.isFinite(slope(loss, z, y)), loss + " at " + z);
        assertTrue(Double.isFinite(curvature(loss, z, y)), loss + " at " + z);
        assertTrue(value(loss, z, y) >= 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void thePriorOfTwoClassesIsAStationaryPoint(PointwiseLoss loss) {
    if (!loss.classifies()) {
      assertEquals(0.25, loss.prior(0.25), 0); // of numbers: their mean
      return;
    }
    for (double rate : new double[] {0.01, 0.2199, 0.5, 0.97}) {
      double z = loss.prior(rate);
      double slope = rate * slope(loss, z, 1) + (1 - rate) * slope(loss, z, 0);
      assertEquals(0, slope, 1e-14); // a few roundings of numbers below 4
    }
  }
}
