package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalMultinomialPasses;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.MultinomialProblem;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.PinnedMultinomialPasses;
import dev.talweg.optimizer.objective.PinnedPasses;
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Softmax with l1, elastic net and bounds. */
class KinkedClassesTest {
  private static final int FEATURES = 8;
  private static final int ROWS = 240;
  private static final double[] NONE = {};

  private static double[] filled(double value) {
    return KinkedMinimizersTest.filled(FEATURES, value);
  }

  /** Correlated columns, some off their centres; the first three tell something of the class. */
  private static List<double[]> rows(int classes, int d) {
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double[] row = new double[d + 1];
      double common = CounterRandom.gaussian(1, i, 0, 0);
      for (int j = 0; j < d; j++) {
        row[j] = 0.5 * common + CounterRandom.gaussian(2, i, j, 0) + (j % 3 == 0 ? 2 : 0);
      }
      double seen = row[0] - 2 + 0.5 * row[1] - row[2];
      double shown = 1 / (1 + Math.exp(-seen - CounterRandom.gaussian(3, i, 0, 0)));
      row[d] = Math.floor(classes * shown * shown); // later classes are rarer
      rows.add(row);
    }
    return rows;
  }

  private static List<Shard> shards(List<double[]> rows, int d) {
    return Stream.of(rows.subList(0, 90), rows.subList(90, ROWS))
        .map(some -> Shard.of(List.of(MultinomialTest.dense(some, d)), d))
        .toList();
  }

  private static MultinomialProblem problem(int classes, Penalty penalty, Intercept intercept) {
    int d = penalty.features();
    return new MultinomialProblem(
        PinnedMultinomialPasses.of(
            new LocalMultinomialPasses(shards(rows(classes, d), d), new SoftmaxLoss(classes), d),
            intercept),
        penalty,
        ROWS,
        Double.POSITIVE_INFINITY);
  }

  private static ProximalQuasiNewton.State minimized(RayObjective problem, double gap) {
    ProximalQuasiNewton proximal = new ProximalQuasiNewton();
    ProximalQuasiNewton.State state = proximal.start(problem, problem.prior());
    for (int k = 0; k < 200 && state.failure().isEmpty() && !(state.gap() <= gap); k++) {
      state = proximal.next(problem, state);
    }
    return state;
  }

  static Stream<Penalty> penalties() {
    return Stream.of(
        new Penalty(filled(0), filled(1e-2), NONE, NONE),
        new Penalty(filled(1e-2), filled(1e-2), NONE, NONE),
        new Penalty(filled(1e-6), filled(5e-3), NONE, NONE),
        KinkedMinimizersTest.bounded(FEATURES, 1e-2, 0),
        KinkedMinimizersTest.bounded(FEATURES, 1e-3, 5e-3),
        KinkedMinimizersTest.bounded(FEATURES, 0, 5e-3));
  }

  static Stream<Arguments> problems() {
    return Stream.of(3, 6)
        .flatMap(classes -> penalties().map(penalty -> Arguments.of(classes, penalty)));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void atTheEndTheConditionsHoldAndNoProximalGradientStepLeadsLower(int classes, Penalty features) {
    for (Intercept intercept : Intercept.values()) {
      MultinomialProblem problem = problem(classes, features, intercept);
      Penalty penalty = problem.penalty();
      ProximalQuasiNewton.State state = minimized(problem, 1e-12);
      double[] x = state.parameters();
      double[] gradient = problem.evaluate(x).gradient();
      for (int at = 0; at < penalty.features(); at++) {
        int j = at / classes;
        assertTrue(x[at] >= features.lower(j) && x[at] <= features.upper(j), "bounds of " + at);
        // 1e-12 of 1.8 at most and curvatures up to ½ · 15: |residual|² ≤ 2 · 7.5 · 1.8e-12
        assertEquals(0, penalty.residual(at, x[at], gradient[at]), 6e-6, "weight " + at);
      }
      for (int k = 0; k < classes; k++) {
        assertEquals(intercept == Intercept.NONE, x[penalty.features() + k] == 0, "intercept");
      }
      double independent = KinkedMinimizersTest.proximalGradient(problem, 5_000);
      // plain steps are this near after so many, and the certificate below is sharper
      assertEquals(independent, state.value(), 1e-8 * independent);
      assertTrue(state.value() <= independent * (1 + 1e-12), "plain steps found less");
      Certificate certificate = problem.certify(x).orElseThrow();
      assertTrue(certificate.relativeGap() <= 1e-11, certificate + " after " + state.step());
      assertTrue(certificate.relativeGap() >= -1e-13, certificate.toString()); // sums of 240 terms
      assertEquals(certificate.primal(), state.value(), 1e-13);
      assertTrue(state.step() < 60, state.step() + " steps");
    }
  }

  @ParameterizedTest
  @MethodSource("penalties")
  void everyBoundOnTheWayIsBelowTheOptimum(Penalty features) {
    MultinomialProblem problem = problem(4, features, Intercept.FREE);
    double optimum = minimized(problem, 1e-12).value();
    for (int n = 0; n < 30; n++) {
      double[] point = problem.prior();
      for (int at = 0; at < point.length; at++) {
        point[at] += 0.6 * CounterRandom.uniform(9, n, at, 0) - 0.3;
      }
      problem.penalty().clamp(point);
      Certificate certificate = problem.certify(point).orElseThrow();
      assertTrue(certificate.dual() <= optimum * (1 + 1e-12), certificate + " of " + optimum);
      assertTrue(certificate.dual() > Double.NEGATIVE_INFINITY);
      assertTrue(certificate.primal() >= optimum * (1 - 1e-12), certificate + " of " + optimum);
      Evaluation at = problem.evaluate(point);
      assertEquals(certificate.dual(), problem.lowerBound(point, at.gradient()));
    }
  }

  @Test
  void owlqnEndsAtTheSameOptimum() {
    Penalty penalty = new Penalty(filled(1e-3), filled(1e-2), NONE, NONE);
    MultinomialProblem problem = problem(4, penalty, Intercept.FREE);
    Owlqn owlqn = new Owlqn();
    Owlqn.State own = owlqn.start(problem, problem.prior());
    for (int k = 0; k < 3000 && own.failure().isEmpty() && !(own.gap() <= 1e-7); k++) {
      own = owlqn.next(problem, own);
    }
    double optimum = minimized(problem, 1e-12).value();
    // Armijo's test cannot see less than a rounding of the value, which is reached long before
    assertEquals(optimum, own.value(), 1e-7 * optimum);
    assertTrue(own.value() >= optimum * (1 - 1e-12), "below the optimum");
    assertTrue(own.lowerBound() <= optimum * (1 + 1e-12), "a bound above the optimum");
  }

  /**
   * With w = w₁ − w₀ the probabilities are those of logistic regression, and λ₁(|w₀| + |w₁|) +
   * λ₂(w₀² + w₁²)/2 is least at w₁ = −w₀ = w/2: λ₁|w| + (λ₂/2) w²/2.
   */
  @ParameterizedTest
  @EnumSource
  void twoClassesAreLogisticRegressionWithTheSameL1AndHalfTheRidge(Intercept intercept) {
    for (double l2 : new double[] {0, 2e-3}) {
      double softmax =
          minimized(problem(2, new Penalty(filled(l2), filled(5e-3), NONE, NONE), intercept), 1e-12)
              .value();
      double logistic =
          minimized(
                  logistic(new Penalty(filled(l2 / 2), filled(5e-3), NONE, NONE), intercept), 1e-12)
              .value();
      assertEquals(logistic, softmax, 2e-12 * logistic); // both gaps are below 1e-12
    }
  }

  private static LinearProblem logistic(Penalty penalty, Intercept intercept) {
    List<double[]> rows = rows(2, FEATURES);
    double ones = rows.stream().mapToDouble(row -> row[FEATURES]).sum();
    double[] sums = new double[FEATURES];
    double[] squares = new double[FEATURES];
    double[] labelled = new double[FEATURES];
    for (double[] row : rows) {
      for (int j = 0; j < FEATURES; j++) {
        double x = (float) row[j];
        sums[j] += x;
        squares[j] += x * x;
        labelled[j] += x * row[FEATURES];
      }
    }
    return new LinearProblem(
        PinnedPasses.of(
            new LocalPasses(shards(rows, FEATURES), new LogisticLoss(), FEATURES), intercept),
        new LogisticLoss(),
        new Moments(ROWS, ROWS, ones, ones, sums, squares, labelled),
        penalty);
  }

  @Test
  void fromTheLargestUsefulL1OnAllWeightsAreZero() {
    MultinomialProblem free = problem(4, Penalty.ridge(filled(0)), Intercept.FREE);
    int weights = 4 * FEATURES;
    double[] gradient = free.evaluate(free.prior()).gradient();
    double largest = Arrays.stream(gradient, 0, weights).map(Math::abs).max().orElseThrow();
    double atLeast = largest * (1 + 1e-12); // at equality rounding decides
    ProximalQuasiNewton.State none =
        minimized(
            problem(4, new Penalty(filled(0), filled(atLeast), NONE, NONE), Intercept.FREE), 1e-13);
    assertArrayEquals(
        KinkedMinimizersTest.filled(weights, 0), Arrays.copyOf(none.parameters(), weights));
    ProximalQuasiNewton.State one =
        minimized(
            problem(4, new Penalty(filled(0), filled(0.99 * largest), NONE, NONE), Intercept.FREE),
            1e-12);
    assertEquals(
        1,
        Arrays.stream(one.parameters(), 0, weights).filter(w -> w != 0).count(),
        "below it one is selected");
  }

  @Test
  void l1ChoosesAmongTheClassesOfAFeature() {
    MultinomialProblem problem =
        problem(5, new Penalty(filled(0), filled(1e-2), NONE, NONE), Intercept.FREE);
    double[] x = minimized(problem, 1e-12).parameters();
    int mixed = 0;
    for (int j = 0; j < FEATURES; j++) {
      long zeros = Arrays.stream(x, 5 * j, 5 * j + 5).filter(w -> w == 0).count();
      // slopes sum to zero over the classes, and five times ± λ₁ does not
      assertTrue(zeros > 0, "feature " + j);
      mixed += zeros < 5 ? 1 : 0;
    }
    assertTrue(mixed >= 3, mixed + " features are in");
  }

  /** Above 1000 features each class has a diagonal of its own. */
  @Test
  void manyFeaturesHaveADiagonalMetric() {
    int d = MultinomialProblem.SHARED + 1;
    for (double l2 : new double[] {0, 1e-3}) {
      MultinomialProblem problem =
          problem(
              3,
              new Penalty(
                  KinkedMinimizersTest.filled(d, l2),
                  KinkedMinimizersTest.filled(d, 3e-2),
                  NONE,
                  NONE),
              Intercept.FREE);
      ProximalQuasiNewton.State state = minimized(problem, 1e-9);
      Certificate certificate = problem.certify(state.parameters()).orElseThrow();
      assertTrue(certificate.relativeGap() <= 1e-8, certificate + " after " + state.step());
      long selected = Arrays.stream(state.parameters(), 0, 3 * d).filter(w -> w != 0).count();
      assertTrue(selected > 0 && selected < d, selected + " selected");
    }
  }

  @Test
  void whereAWeightIsFreeNothingIsCertifiedAndTheConditionsSayHowNearItIs() {
    double[] l2 = filled(1e-2);
    double[] l1 = filled(1e-2);
    l2[4] = 0;
    l1[4] = 0;
    MultinomialProblem problem = problem(3, new Penalty(l2, l1, NONE, NONE), Intercept.FREE);
    ProximalQuasiNewton.State state = minimized(problem, 0);
    assertTrue(Double.isNaN(state.gap()));
    assertFalse(problem.certify(state.parameters()).isPresent());
    assertTrue(state.gradientNorm() < 1e-6, () -> "residual " + state.gradientNorm());
  }

  @ParameterizedTest
  @MethodSource("penalties")
  void aResumedRunIsTheRunThatWentOn(Penalty penalty) {
    KinkedMinimizersTest.aRunResumes(() -> problem(4, penalty, Intercept.FREE));
  }
}
