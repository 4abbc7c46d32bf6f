package dev.talweg.optimizer.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.loss.DualLoss;
import dev.talweg.optimizer.loss.KinkedLoss;
import dev.talweg.optimizer.loss.LabelRange;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every loss of the catalog promises: the table is the {@link Catalog}, so a loss inherits
 * these tests by its line there.
 */
class LossConformanceTest {
  private static final double H = 0x1p-17;

  /** Other values of parameters, by their name; the defaults are always there. */
  private static final Map<String, List<Double>> OTHERS =
      Map.of(
          "power", List.of(1.05, 1.9),
          "quantile", List.of(0.05, 0.9),
          "smoothing", List.of(0.0, 0.25, 1.0),
          "gamma", List.of(0.5, 5.0),
          "epsilon", List.of(0.0, 0.5),
          "delta", List.of(2.5),
          "scale", List.of(2.0),
          "alpha", List.of(0.1, 2.0));

  /** Those whose best constant margin is no function of the mean label. */
  private static final Set<String> GUESSES =
      Set.of(
          "huber",
          "quantile",
          "hinge",
          "absolute",
          "epsilon-insensitive",
          "squared-epsilon-insensitive",
          "pseudo-huber",
          "log-cosh",
          "cauchy",
          "focal",
          "perceptron");

  static List<PointwiseLoss> losses() {
    List<PointwiseLoss> losses = new ArrayList<>();
    for (Entry<PointwiseLoss> entry : Catalog.losses()) {
      losses.add(entry.factory().apply(Settled.defaults(entry)));
      for (Parameter parameter : entry.parameters()) {
        for (double other : OTHERS.getOrDefault(parameter.name(), List.of())) {
          losses.add(entry.factory().apply(Settled.with(entry, Map.of(parameter.name(), other))));
        }
      }
    }
    return losses;
  }

  static List<PointwiseLoss> convex() {
    return losses().stream().filter(PointwiseLoss::convex).toList();
  }

  /** Margins in [−5, 5] with a label that the loss allows. */
  private record Point(double z, double y) {}

  private static List<Point> points(PointwiseLoss loss) {
    return LongStream.range(0, 500)
        .mapToObj(
            k -> {
              double u = CounterRandom.uniform(11, k, 0, 0);
              double y = 4 * CounterRandom.uniform(11, k, 1, 0) - 2;
              return new Point(10 * u - 5, allowed(loss, y, k));
            })
        .toList();
  }

  /** A label near y; where 0 is allowed but nothing below, every third is 0. */
  private static double allowed(PointwiseLoss loss, double y, long k) {
    if (loss.classifies()) {
      return y > 0 ? 1 : 0;
    }
    double label = loss.labels() == LabelRange.ANY ? y : Math.abs(y);
    return k % 3 == 0 && loss.labels() == LabelRange.NOT_NEGATIVE ? 0 : label;
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
      // where the curvature changes by c over the difference, by a jump or by a third derivative,
      // the difference is off by at most H c; two values are rounded
      double change = Math.abs(curvature(loss, p.z + H, p.y) - curvature(loss, p.z - H, p.y));
      double rounding = 4 * Math.ulp(64.0 + Math.abs(value(loss, p.z, p.y))) / H;
      assertEquals(difference, slope(loss, p.z, p.y), H * change + rounding, p.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theCurvatureLiesBetweenTheSlopesOnBothSides(PointwiseLoss loss) {
    for (Point p : points(loss)) {
      double left = (slope(loss, p.z, p.y) - slope(loss, p.z - H, p.y)) / H;
      double right = (slope(loss, p.z + H, p.y) - slope(loss, p.z, p.y)) / H;
      double c = curvature(loss, p.z, p.y);
      // a third derivative is at most the second one, or 1; slopes are rounded
      double error = H * Math.max(1, c) + 4 * Math.ulp(16.0 + Math.abs(slope(loss, p.z, p.y))) / H;
      assertTrue(c >= Math.min(left, right) - error, p + ": " + c + " < " + left + ", " + right);
      assertTrue(c <= Math.max(left, right) + error, p + ": " + c + " > " + left + ", " + right);
    }
  }

  @ParameterizedTest
  @MethodSource("convex")
  void itIsConvex(PointwiseLoss loss) {
    List<Point> all = points(loss);
    for (int k = 1; k < all.size(); k++) {
      Point a = all.get(k - 1);
      double z = all.get(k).z;
      double tangent = value(loss, a.z, a.y) + slope(loss, a.z, a.y) * (z - a.z);
      double rounding = 8 * Math.ulp(Math.max(128, Math.abs(tangent)));
      assertTrue(value(loss, z, a.y) >= tangent - rounding, a + " and " + z);
      assertTrue(curvature(loss, z, a.y) >= 0);
    }
  }

  /** A certificate of optimality is as true as this. */
  @ParameterizedTest
  @MethodSource("convex")
  void theConjugateIsTightAtTheSlopeAndABoundElsewhere(PointwiseLoss loss) {
    List<Point> all = points(loss);
    for (int k = 1; k < all.size(); k++) {
      Point p = all.get(k);
      double multiplier = slope(loss, p.z, p.y);
      double conjugate = loss.conjugate(multiplier, p.y);
      // z ℓ' − ℓ is rounded; log(1 − p) loses what 1 − p lost, at margins up to 5: e⁵ ulp
      double size = Math.max(128, Math.abs(p.z * multiplier) + Math.abs(value(loss, p.z, p.y)));
      double error = 16 * Math.ulp(size) + 150 * 8 * Math.ulp(1.0);
      assertEquals(p.z * multiplier - value(loss, p.z, p.y), conjugate, error, p.toString());
      double other = all.get(k - 1).z;
      double below = multiplier * other - value(loss, other, p.y);
      double rounding = error + 16 * Math.ulp(below);
      assertTrue(conjugate >= below - rounding, p.toString());
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
    Arrays.setAll(weights, k -> 0.5 + (k % 7));
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
        Arrays.setAll(weights, k -> 0.5 + (k % 7));
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
      for (double y :
          loss.labels() == LabelRange.POSITIVE ? new double[] {1} : new double[] {0, 1}) {
        assertTrue(Double.isFinite(slope(loss, z, y)), loss + " at " + z);
        assertTrue(Double.isFinite(curvature(loss, z, y)), loss + " at " + z);
        assertTrue(value(loss, z, y) >= 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void farOutTheSlopeIsThatOfFiniteDifferencesToo(PointwiseLoss loss) {
    double h = 0x1p-10;
    for (double y : labels(loss)) {
      for (double z : new double[] {-800, -350, -101, -99, 99, 101, 350, 800}) {
        String at = loss + " at " + new Point(z, y);
        double value = value(loss, z, y);
        double difference = (value(loss, z + h, y) - value(loss, z - h, y)) / (2 * h);
        // third derivatives are at most the second; two values are rounded
        double error =
            h * h * Math.abs(curvature(loss, z, y)) + 4 * Math.ulp(1 + Math.abs(value)) / h;
        assertTrue(Double.isFinite(value), at);
        assertEquals(difference, slope(loss, z, y), error, at);
        double second = (slope(loss, z + h, y) - slope(loss, z - h, y)) / (2 * h);
        double rounding =
            h * Math.abs(curvature(loss, z, y)) + 4 * Math.ulp(1 + Math.abs(slope(loss, z, y))) / h;
        assertEquals(second, curvature(loss, z, y), rounding, at);
        if (!loss.convex()) {
          continue;
        }
        double theta = slope(loss, z, y);
        double conjugate = loss.conjugate(theta, y);
        double fenchel = 16 * Math.ulp(1 + Math.abs(theta * z) + Math.abs(value));
        assertEquals(theta * z - value, conjugate, fenchel, at);
      }
    }
  }

  /** Some that a loss allows, the least among them. */
  private static double[] labels(PointwiseLoss loss) {
    if (loss.classifies()) {
      return new double[] {0, 1};
    }
    return switch (loss.labels()) {
      case ANY -> new double[] {-2.5, 0, 1};
      case NOT_NEGATIVE -> new double[] {0, 1, 3};
      case POSITIVE -> new double[] {0.25, 1, 3};
    };
  }

  @ParameterizedTest
  @MethodSource("convex")
  void aSmallerMultiplierIsFeasibleToo(PointwiseLoss loss) {
    for (Point p : points(loss)) { // what a certificate does to meet the intercept's constraint
      double multiplier = slope(loss, p.z, p.y);
      for (double scale : new double[] {1, 1 - 0x1p-53, 0.7, 1e-9, 0}) {
        double conjugate = loss.conjugate(scale * multiplier, p.y);
        assertTrue(Double.isFinite(conjugate), loss + ": " + p + " × " + scale);
        double below = scale * multiplier * p.z - value(loss, p.z, p.y);
        assertTrue(conjugate >= below - 16 * Math.ulp(Math.max(128, Math.abs(below))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void thePriorIsAStationaryPoint(PointwiseLoss loss) {
    if (GUESSES.contains(loss.name())) {
      assertTrue(Double.isFinite(loss.prior(0.25)), "a guess");
      return;
    }
    double high = loss.classifies() ? 1 : 1.5;
    double low = loss.classifies() ? 0 : 0.5;
    for (double rate : new double[] {0.01, 0.2199, 0.5, 0.97}) {
      double z = loss.prior(rate * high + (1 - rate) * low);
      double slope = rate * slope(loss, z, high) + (1 - rate) * slope(loss, z, low);
      assertEquals(0, slope, 1e-14); // a few roundings of numbers below 4
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void whatIsNotConvexSaysSoAndHasACurvatureBelowZero(PointwiseLoss loss) {
    boolean bendsDown = points(loss).stream().anyMatch(p -> curvature(loss, p.z, p.y) < 0);
    assertEquals(bendsDown, !loss.convex());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theProbabilitiesOfBothClassesAddToOne(PointwiseLoss loss) {
    for (Point p : points(loss)) {
      if (loss.classifies()) {
        // two roundings of a number of at most 1, of some ulp each
        assertEquals(1, loss.predict(p.z) + loss.complement(p.z), 4 * Math.ulp(1.0));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aLinearModelIsCertifiedIfItsLossIsConvexAndElseNever(PointwiseLoss loss) {
    if (loss.hasKinks() || loss.labels() != LabelRange.ANY) {
      return; // others' tests
    }
    LinearProblem problem = LinearProblems.mixed(3, 200, 3, loss, 0.05);
    if (!loss.convex()) {
      double[] prior = problem.prior();
      double[] gradient = problem.evaluate(prior).gradient();
      assertTrue(problem.certify(prior).isEmpty());
      assertTrue(Double.isNaN(problem.lowerBound(prior, gradient)));
      return;
    }
    Lbfgs lbfgs = new Lbfgs();
    Lbfgs.State state = lbfgs.start(problem, problem.prior());
    for (int k = 0; k < 300 && !(state.gap() <= 1e-6); k++) {
      state = lbfgs.next(problem, state);
    }
    double gap = problem.certify(state.parameters()).orElseThrow().relativeGap();
    assertTrue(gap <= 1e-6, loss + " is within " + gap);
  }

  static List<DualLoss> duals() {
    return losses().stream().filter(DualLoss.class::isInstance).map(DualLoss.class::cast).toList();
  }

  @ParameterizedTest
  @MethodSource("duals")
  void theStepOfARowIsTheBestOfItsDual(DualLoss loss) {
    for (int k = 0; k < 300; k++) {
      double centre = 8 * CounterRandom.uniform(5, k, 0, 0) - 4;
      double curvature = Math.pow(10, 6 * CounterRandom.uniform(5, k, 1, 0) - 3);
      double label = loss.classifies() ? k % 2 : 4 * CounterRandom.uniform(5, k, 2, 0) - 2;
      double best = loss.multiplier(centre, curvature, label);
      double value = dual(loss, best, centre, curvature, label);
      assertTrue(Double.isFinite(value), () -> best + " is not feasible");
      for (double step : new double[] {1e-6, 1e-3, 0.1}) {
        for (double sign : new double[] {-1, 1}) {
          double other = dual(loss, best + sign * step, centre, curvature, label);
          // values are sums of terms of at most a few hundred times the value
          assertTrue(
              other >= value - 1e-12 * (1 + Math.abs(value)), best + " is worse than " + step);
        }
      }
    }
  }

  private static double dual(DualLoss loss, double theta, double c, double q, double y) {
    return loss.conjugate(theta, y) - c * theta + 0.5 * q * theta * theta;
  }

  static List<KinkedLoss> kinked() {
    return losses().stream()
        .filter(KinkedLoss.class::isInstance)
        .map(KinkedLoss.class::cast)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("kinked")
  void smoothingLowersALossByAtMostItsBias(KinkedLoss loss) {
    PointwiseLoss exact = loss.smoothed(0);
    for (double smoothing : new double[] {1e-6, 0.01, 0.7}) {
      KinkedLoss smooth = loss.smoothed(smoothing);
      double most = 0;
      for (Point p : points(loss)) {
        double lowered = value(exact, p.z, p.y) - value(smooth, p.z, p.y);
        assertTrue(lowered >= -Math.ulp(8.0), p.toString());
        assertTrue(lowered <= smooth.bias() * smoothing + Math.ulp(8.0), p.toString());
        most = Math.max(most, lowered);
      }
      assertEquals(smooth.bias() * smoothing, most, Math.ulp(8.0), "the bound is met");
    }
    assertEquals(loss, loss.smoothed(0.5).smoothed(loss.smoothing()));
  }
}
