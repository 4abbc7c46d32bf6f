package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.minimizer.RaySearch.Found;
import dev.talweg.optimizer.minimizer.RaySearch.Point;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.Slopes;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RaySearchTest {

  /** ℓ, ℓ′ and ℓ″ of a margin. */
  private record Loss(
      DoubleUnaryOperator value, DoubleUnaryOperator slope, DoubleUnaryOperator curvature) {
    static final Loss LOGISTIC =
        new Loss(
            z -> Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
            z -> 1 / (1 + Math.exp(-z)),
            z -> 1 / (1 + Math.exp(-z)) / (1 + Math.exp(z)));
    static final Loss SQUARED = new Loss(z -> 0.5 * z * z, z -> z, z -> 1);
    static final Loss POISSON = new Loss(Math::exp, Math::exp, Math::exp);
    static final Loss HINGE = new Loss(z -> Math.max(0, 1 + z), z -> z > -1 ? 1 : 0, z -> 0);
  }

  /** Mean of ℓ(z + αu + β) − y (z + αu + β), and a ridge ½λα². */
  private record Rows(Loss loss, double[] margins, double[] along, double[] labels, double ridge)
      implements Ray {
    @Override
    public Slopes at(double step, double shift) {
      double n = margins.length;
      double value = 0.5 * ridge * step * step;
      double alpha = ridge * step;
      double beta = 0;
      double alphaAlpha = ridge;
      double alphaBeta = 0;
      double betaBeta = 0;
      for (int i = 0; i < margins.length; i++) {
        double u = along[i];
        double z = margins[i] + step * u + shift;
        double slope = loss.slope().applyAsDouble(z) - labels[i];
        double curvature = loss.curvature().applyAsDouble(z);
        value += (loss.value().applyAsDouble(z) - labels[i] * z) / n;
        alpha += slope * u / n;
        beta += slope / n;
        alphaAlpha += curvature * u * u / n;
        alphaBeta += curvature * u / n;
        betaBeta += curvature / n;
      }
      return new Slopes(value, alpha, beta, alphaAlpha, alphaBeta, betaBeta);
    }

    @Override
    public Evaluation move(double step, double shift) {
      throw new UnsupportedOperationException("these rows have no features");
    }

    @Override
    public double[] point(double step, double shift) {
      throw new UnsupportedOperationException("these rows have no features");
    }

    RaySearch search() {
      Slopes origin = at(0, 0);
      return new RaySearch(origin.value(), origin.alpha());
    }

    /** With the intercept at its minimum, as a step of a minimizer leaves it. */
    Rows settled() {
      Rows rows = this;
      for (int k = 0; k < 100; k++) {
        Slopes here = rows.at(0, 0);
        rows = rows.lifted(Math.max(-1, Math.min(1, -here.beta() / here.betaBeta())));
      }
      return rows;
    }

    Rows lifted(double by) {
      double[] moved = Arrays.stream(margins).map(z -> z + by).toArray();
      return new Rows(loss, moved, along, labels, ridge);
    }
  }

  /** A ray whose probes are counted. */
  private static final class Counted implements Ray {
    private final Ray ray;
    private int probes;

    Counted(Ray ray) {
      this.ray = ray;
    }

    @Override
    public Slopes at(double step, double shift) {
      probes++;
      return ray.at(step, shift);
    }

    @Override
    public Evaluation move(double step, double shift) {
      return ray.move(step, shift);
    }

    @Override
    public double[] point(double step, double shift) {
      return ray.point(step, shift);
    }
  }

  /**
   * Rows all but separated, whose margins move by up to {@code leap}: the few that change sides
   * bend φ at a point each.
   */
  private static Rows bent(long seed, double leap) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = 300;
    double[] margins = new double[n];
    double[] along = new double[n];
    double[] labels = new double[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % 3 == 0 ? 1 : 0;
      double side = 2 * labels[i] - 1;
      boolean wrong = random.nextInt(20) == 0;
      margins[i] = side * (wrong ? -1 : 10) * random.nextDouble();
      along[i] = side * leap * (wrong ? 1 : -0.1) * Math.pow(random.nextDouble(), 4);
    }
    return new Rows(Loss.LOGISTIC, margins, along, labels, 1e-6).settled();
  }

  /**
   * From an intercept at its minimum, and from others, as of a model that goes on elsewhere.
   *
   * @param mean probes as they were measured, and a hundredth more: most rules of the search are
   *     there to save some
   */
  @ParameterizedTest
  @CsvSource({"0, 4.56", "1, 5.04", "-1, 5.1", "3, 5.36", "-3, 6.5"})
  void aSearchEndsLowAndFlatWhereverTheRayBends(double lift, double mean) {
    int probes = 0;
    int searches = 0;
    for (double leap = 1; leap <= 1e5; leap *= 10) {
      int most = 0;
      int searched = 0;
      for (long seed = 0; seed < 50; seed++) {
        Rows rows = bent(seed, leap).lifted(lift);
        Slopes origin = rows.at(0, 0);
        if (!(origin.alpha() < -1e-9)) {
          continue;
        }
        Found found = rows.search().search(rows);
        Slopes there = rows.at(found.point().step(), found.point().shift());
        String which = "leap " + leap + ", seed " + seed + ": " + found;
        double gain = origin.value() - there.value();
        assertTrue(gain > 0, which);
        assertTrue(Math.abs(there.alpha()) <= -0.1 * origin.alpha(), which);
        // half of β²/ββ is what the intercept could still gain: a thousandth
        assertTrue(0.5 * there.beta() * there.beta() / there.betaBeta() <= 1e-3 * gain, which);
        most = Math.max(most, found.probes());
        probes += found.probes();
        searched++;
      }
      assertTrue(searched > 20);
      searches += searched;
      assertTrue(most <= (lift == 0 ? 15 : 30), "leap " + leap + ": probes " + most);
    }
    assertTrue(probes <= mean * searches, probes + " probes of " + searches + " searches");
  }

  @Test
  void theGuessOnAParabolaIsItsMinimumAndTrustedHoweverFar() {
    SplittableRandom random = new SplittableRandom(3);
    double[] margins = random.doubles(50, -1, 1).toArray();
    double[] along = random.doubles(50, -0.3, 0.2).toArray();
    double[] labels = new double[50];
    for (int i = 0; i < 50; i++) {
      labels[i] = margins[i] + 2.5 * along[i] + 0.1 * random.nextDouble();
    }
    Rows rows = new Rows(Loss.SQUARED, margins, along, labels, 0).settled();
    Slopes atOne = rows.at(1, 0);
    Point guess = RaySearch.guess(atOne);
    assertTrue(guess.step() > 2);
    Slopes there = rows.at(guess.step(), guess.shift());
    assertEquals(0, there.alpha(), 1e-15);
    assertEquals(0, there.beta(), 1e-15);
    assertTrue(rows.search().trusts(guess, atOne));
  }

  /** Slopes at (1, 0) of a ray without an intercept. */
  private static Slopes atOne(double slope, double curvature) {
    return new Slopes(1, slope, 0, curvature, 0, 0);
  }

  @Test
  void withoutAnInterceptTheGuessIsNewtonsStepToo() {
    assertEquals(new Point(1.25, 0), RaySearch.guess(atOne(-0.5, 2)));
    assertEquals(new Point(1, 0), RaySearch.guess(atOne(-0.5, 0)), "nothing bends");
  }

  @Test
  void aGuessIsATenthToTenTimesTheDirectionAndTheInterceptIsTheBestBesideIt() {
    assertEquals(new Point(10, 0), RaySearch.guess(atOne(-20, 1)));
    assertEquals(new Point(0.1, 0), RaySearch.guess(atOne(20, 1)));
    Slopes slopes = new Slopes(1, -20, 3, 1, 0.5, 2);
    Point guess = RaySearch.guess(slopes);
    assertEquals(10, guess.step());
    assertEquals(0, slopes.beta() + 0.5 * 9 + 2 * guess.shift());
    Slopes flat = new Slopes(1, -20, 3, 1, 1, 1);
    assertEquals(new Point(1, 0), RaySearch.guess(flat), "a Hessian that is singular");
  }

  @Test
  void aGuessMayLeaveATenthOfTheSlopeNearOneAndAHundredthFarther() {
    RaySearch search = new RaySearch(1, -1);
    // parabolas: the slope rises by its curvature from −1 at 0
    for (double left : new double[] {0.005, 0.05, 0.5}) {
      double nearly = (1 + left) / 1.15;
      assertEquals(left < 0.1, search.trusts(new Point(1.15, 0), atOne(nearly - 1, nearly)));
      double farther = (1 + left) / 1.25;
      assertEquals(left < 0.01, search.trusts(new Point(1.25, 0), atOne(farther - 1, farther)));
    }
    // minima of the parabola at 1, where the cubic through the slope at 0 is not flat
    assertTrue(search.trusts(new Point(1.15, 0), atOne(-0.15 * 2, 2)));
    assertFalse(search.trusts(new Point(1.15, 0), atOne(-0.15 * 10, 10)));
    // a shift is worth αβ of slope
    Slopes lifted = new Slopes(1, 0.5, 0, 1, -0.5, 1);
    assertTrue(new RaySearch(1, -0.5).trusts(new Point(1, 1), lifted));
    assertFalse(new RaySearch(1, -0.5).trusts(new Point(1, 0), lifted));
  }

  @Test
  void whereRoundingMakesTheSlopeAnyGuessIsTrusted() {
    Slopes steep = atOne(1, 1);
    assertTrue(new RaySearch(1, -1e-11).trusts(new Point(1, 0), steep));
    assertFalse(new RaySearch(1e-3, -1e-11).trusts(new Point(1, 0), steep));
    assertTrue(new RaySearch(1e-3, -1e-12).trusts(new Point(1, 0), steep));
  }

  @Test
  void aPointIsAcceptedThatIsNotHigherButForRoundingAndFlatter() {
    RaySearch search = new RaySearch(2, -1);
    assertTrue(search.accepts(2, 0.9));
    assertTrue(search.accepts(2 + 1.9e-12, -0.9));
    assertFalse(search.accepts(2 + 2.1e-12, 0));
    assertFalse(search.accepts(1, 0.91));
    assertFalse(search.accepts(1, -0.91));
    assertFalse(search.accepts(Double.NEGATIVE_INFINITY, 0));
    assertFalse(search.accepts(Double.NaN, 0));
    assertFalse(search.accepts(1, Double.NaN));
  }

  @Test
  void aGuessFromBeyondABendIsNotTrusted() {
    int far = 0;
    for (long seed = 0; seed < 50; seed++) {
      Rows rows = bent(seed, 1e3);
      Slopes atOne = rows.at(1, 0);
      Point guess = RaySearch.guess(atOne);
      Slopes there = rows.at(guess.step(), guess.shift());
      boolean misled = Math.abs(there.alpha()) > 0.9 * -rows.at(0, 0).alpha();
      if (rows.at(0, 0).alpha() < -1e-9 && misled) {
        far++;
        assertFalse(rows.search().trusts(guess, atOne), "seed " + seed);
      }
    }
    assertTrue(far > 10, far + " guesses mislead");
  }

  @ParameterizedTest
  @ValueSource(doubles = {30, 800, 1e6})
  void aSearchComesBackFromWhereTheLossIsInfinite(double leap) {
    double[] along = {leap, 0.5 * leap, -0.2 * leap};
    Rows rows = new Rows(Loss.POISSON, new double[3], along, new double[] {5, 2, 1}, 0).settled();
    Found found = rows.search().search(rows);
    Slopes there = rows.at(found.point().step(), found.point().shift());
    assertTrue(there.value() < rows.at(0, 0).value());
    assertTrue(Math.abs(there.alpha()) <= -0.1 * rows.at(0, 0).alpha());
  }

  @Test
  void aProbeIsCountedOnceAndNoSearchTakesMoreThanForty() {
    int most = 0;
    for (long seed = 0; seed < 50; seed++) {
      Rows bent = bent(seed, 10);
      // twice the labels: ℓ(z) − 2y z is max(0, 1 ± z), or what differs from it by a line
      double[] labels = Arrays.stream(bent.labels()).map(y -> 2 * y).toArray();
      Rows kinked = new Rows(Loss.HINGE, bent.margins(), bent.along(), labels, 1e-3);
      for (Rows rows : List.of(bent, bent.lifted(5), kinked, kinked.lifted(5))) {
        Counted counted = new Counted(rows);
        Found found = rows.search().search(counted);
        // the slopes at (1, 0) are known with the ray
        assertEquals(counted.probes - 1, found.probes(), "seed " + seed);
        most = Math.max(most, found.probes());
      }
    }
    assertEquals(40, most);
  }

  @Test
  void whereNoStepIsLowerNothingIsFound() {
    double[] along = {1, -1};
    Rows rows = new Rows(Loss.SQUARED, new double[2], along, new double[2], 0);
    // a slope that is rounding, and not the ray's own
    assertFalse(new RaySearch(0, -1e-20).search(rows).isStep());
  }
}
