package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearPasses;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalMultinomialPasses;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.MultinomialPasses;
import dev.talweg.optimizer.objective.MultinomialProblem;
import dev.talweg.optimizer.objective.PinnedMultinomialPasses;
import dev.talweg.optimizer.objective.PinnedPasses;
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.random.CounterRandom;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Softmax regression to its optimum. */
class MultinomialTest {
  private static final int FEATURES = 6;

  /** Rows of normal-like features with classes that a plane of them half explains. */
  private record Rows(double[][] x, double[] y, double[] weights) {
    static Rows of(int count, int classes) {
      double[][] x = new double[count][FEATURES];
      double[] y = new double[count];
      double[] weights = new double[count];
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < FEATURES; j++) {
          // off centre and of unlike scales, as raw columns are
          x[i][j] = Math.scalb(CounterRandom.uniform(1, i, j, 0) + 0.5, 2 * j);
        }
        double noise = CounterRandom.uniform(2, i, 0, 0);
        y[i] = Math.floor(classes * (0.5 * (x[i][0] - 0.5) + 0.5 * noise));
        weights[i] = 1 + i % 2;
      }
      return new Rows(x, y, weights);
    }

    Shard shard(int from, int until) {
      int rows = until - from;
      int[] starts = new int[rows + 1];
      int[] indices = new int[rows * FEATURES];
      float[] values = new float[indices.length];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < FEATURES; j++) {
          indices[i * FEATURES + j] = j;
          values[i * FEATURES + j] = (float) x[from + i][j];
        }
        starts[i + 1] = (i + 1) * FEATURES;
      }
      Block block =
          new CsrBlock(
              FEATURES,
              starts,
              indices,
              values,
              Arrays.copyOfRange(y, from, until),
              Arrays.copyOfRange(weights, from, until));
      return Shard.of(List.of(block), FEATURES);
    }

    List<Shard> halves() {
      return List.of(shard(0, y.length / 3), shard(y.length / 3, y.length));
    }
  }

  private static double[] penalties(double lambda) {
    double[] penalties = new double[FEATURES];
    Arrays.fill(penalties, lambda);
    return penalties;
  }

  private static MultinomialProblem problem(List<Shard> shards, int classes, double lambda) {
    return problem(shards, classes, lambda, Intercept.FREE);
  }

  private static MultinomialProblem problem(
      List<Shard> shards, int classes, double lambda, Intercept intercept) {
    MultinomialPasses passes =
        new LocalMultinomialPasses(shards, new SoftmaxLoss(classes), FEATURES);
    return new MultinomialProblem(
        PinnedMultinomialPasses.of(passes, intercept),
        penalties(lambda),
        shards.stream().mapToLong(Shard::rows).sum());
  }

  private static Lbfgs.State minimized(RayObjective problem) {
    return minimized(problem, state -> state.gap() <= 1e-13);
  }

  private static Lbfgs.State minimized(RayObjective problem, Predicate<Lbfgs.State> enough) {
    Lbfgs lbfgs = new Lbfgs();
    Lbfgs.State state = lbfgs.start(problem, problem.prior());
    for (int k = 0; k < 200 && state.failure().isEmpty() && !enough.test(state); k++) {
      state = lbfgs.next(problem, state);
    }
    return state;
  }

  @ParameterizedTest
  @CsvSource({
    "2, FREE, 1e-13",
    "3, FREE, 1e-13",
    "7, FREE, 1e-13",
    "70, FREE, 1e-10", // intercepts have a diagonal alone, and it comes no closer than some 1e-11
    "3, NONE, 1e-13",
    "7, NONE, 1e-13",
    "70, NONE, 1e-13"
  })
  void theMinimumIsCertified(int classes, Intercept intercept, double gap) {
    MultinomialProblem problem =
        problem(Rows.of(40 * classes, classes).halves(), classes, 1e-3, intercept);
    Lbfgs.State state =
        minimized(
            problem, at -> problem.certify(at.parameters()).orElseThrow().relativeGap() <= gap);
    for (int k = 0; intercept == Intercept.NONE && k < classes; k++) {
      assertEquals(0, state.parameters()[FEATURES * classes + k]);
    }
    Certificate certificate = problem.certify(state.parameters()).orElseThrow();
    assertTrue(certificate.relativeGap() <= gap, certificate + " after " + state.step());
    // sums of some thousand terms near 1, both ways
    assertTrue(certificate.relativeGap() >= -1e-13, certificate.toString());
    for (int j = 0; j <= FEATURES; j++) {
      double sum = 0;
      double size = 1;
      for (int k = j * classes; k < (j + 1) * classes; k++) {
        sum += state.parameters()[k];
        size += Math.abs(state.parameters()[k]);
      }
      assertEquals(0, sum, 1e-9 * size, "parameters of feature " + j + " over the classes");
    }
  }

  /** No point is below a certificate, not even where it was made far from the optimum. */
  @Test
  void aCertificateFarFromTheOptimumIsABound() {
    MultinomialProblem problem = problem(Rows.of(200, 4).halves(), 4, 1e-2);
    double optimum = minimized(problem).value();
    double[] parameters = problem.prior();
    for (int n = 0; n < 20; n++) {
      for (int at = 0; at < parameters.length; at++) {
        parameters[at] += 0.2 * CounterRandom.uniform(9, n, at, 0) - 0.1;
      }
      Certificate certificate = problem.certify(parameters).orElseThrow();
      assertTrue(certificate.dual() <= optimum * (1 + 1e-13), certificate + " of " + optimum);
      assertTrue(certificate.primal() >= optimum * (1 - 1e-13), certificate + " of " + optimum);
    }
  }

  /**
   * With w = w₁ − w₀ the probabilities are those of logistic regression. The minimizer has w₁ = −w₀
   * = w/2, so the penalty λ(|w₀|² + |w₁|²)/2 is (λ/2)|w|²/2.
   */
  @ParameterizedTest
  @EnumSource
  void twoClassesAreLogisticRegressionWithHalfThePenalty(Intercept intercept) {
    Rows rows = Rows.of(150, 2);
    Lbfgs.State softmax = minimized(problem(rows.halves(), 2, 2e-3, intercept));
    double weight = 0;
    double label = 0;
    for (int i = 0; i < rows.y.length; i++) {
      weight += rows.weights[i];
      label += rows.weights[i] * rows.y[i];
    }
    double[] none = new double[FEATURES];
    Moments moments = new Moments(150, weight, label, label, none, none, none);
    // moments of features are asked for at zero weights alone: start beside them
    LinearPasses passes = new LocalPasses(rows.halves(), new LogisticLoss(), FEATURES);
    LinearProblem linear =
        new LinearProblem(
            PinnedPasses.of(passes, intercept), new LogisticLoss(), moments, penalties(1e-3));
    double[] begin = new double[FEATURES + 1];
    Arrays.fill(begin, 0, FEATURES, 1e-6);
    Lbfgs lbfgs = new Lbfgs();
    Lbfgs.State logistic = lbfgs.start(linear, begin);
    while (logistic.failure().isEmpty() && !(logistic.gap() <= 1e-13)) {
      logistic = lbfgs.next(linear, logistic);
    }
    // both gaps are below 1e-13, of values near 1
    assertEquals(logistic.value(), softmax.value(), 1e-12);
    for (int j = 0; j <= FEATURES; j++) {
      double difference = softmax.parameters()[2 * j + 1] - softmax.parameters()[2 * j];
      // f(w) − f* ≥ (λ/2)|w − w*|², so |w − w*| ≤ √(2·1e-13/1e-3)
      assertEquals(logistic.parameters()[j], difference, 2e-5 * (1 + Math.abs(difference)));
    }
  }

  @Test
  void aClassThatAPartitionDoesNotHaveChangesNothing() {
    Rows rows = Rows.of(240, 3);
    Integer[] order = new Integer[240];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(rows.y[a], rows.y[b]));
    Rows sorted =
        new Rows(
            Arrays.stream(order).map(i -> rows.x[i]).toArray(double[][]::new),
            Arrays.stream(order).mapToDouble(i -> rows.y[i]).toArray(),
            Arrays.stream(order).mapToDouble(i -> rows.weights[i]).toArray());
    List<Shard> byClass =
        List.of(sorted.shard(0, 60), Shard.of(List.of(), FEATURES), sorted.shard(60, 240));
    double together = minimized(problem(rows.halves(), 3, 1e-3)).value();
    assertEquals(together, minimized(problem(byClass, 3, 1e-3)).value(), 1e-12); // gaps of 1e-13
  }

  /** Above 1000 features classes have diagonals of their own: the same optimum. */
  @Test
  void aFeatureThatNoRowHasStaysAtZeroAndTheDiagonalFindsTheSameOptimum() {
    Rows rows = Rows.of(240, 3);
    SoftmaxLoss loss = new SoftmaxLoss(3);
    int wide = MultinomialProblem.SHARED + 1;
    List<Shard> shards = new ArrayList<>();
    for (Shard shard : rows.halves()) {
      int[] numbers = {3, 5, 700, 702, 703, wide - 1};
      Block block =
          shard
              .blocks()
              .get(0)
              .renumbered(
                  (features, count) ->
                      IntStream.range(0, count)
                          .map(p -> features[p] < 0 ? -1 : numbers[features[p]])
                          .toArray(),
                  wide);
      shards.add(new Shard(List.of(block), wide, null));
    }
    double[] penalties = new double[wide];
    Arrays.fill(penalties, 1e-3);
    MultinomialProblem problem =
        new MultinomialProblem(new LocalMultinomialPasses(shards, loss, wide), penalties, 240);
    Lbfgs.State state = minimized(problem);
    assertEquals(minimized(problem(rows.halves(), 3, 1e-3)).value(), state.value(), 1e-11);
    assertEquals(0, state.parameters()[4 * 3]);
  }

  @Test
  void separableClassesWithoutAPenaltyEndWithFiniteParameters() {
    Rows rows = Rows.of(60, 3);
    double[] y = Arrays.stream(rows.x).mapToDouble(x -> Math.floor(3 * (x[0] - 0.5))).toArray();
    MultinomialProblem problem =
        problem(List.of(new Rows(rows.x, y, rows.weights).shard(0, 60)), 3, 0);
    Lbfgs lbfgs = new Lbfgs();
    Lbfgs.State state = lbfgs.start(problem, problem.prior());
    double before = state.value();
    for (int k = 0; k < 40 && state.failure().isEmpty(); k++) {
      state = lbfgs.next(problem, state);
      assertTrue(state.value() <= before, "step " + k + ": " + state.value());
      before = state.value();
      assertTrue(Arrays.stream(state.parameters()).allMatch(Double::isFinite), "step " + k);
    }
    assertFalse(problem.certify(state.parameters()).isPresent(), "nothing is penalized");
  }

  @Test
  void aResumedRunIsTheRunThatWentOn() {
    MultinomialProblem one = problem(Rows.of(200, 5).halves(), 5, 1e-5);
    Lbfgs lbfgs = new Lbfgs();
    Lbfgs.State state = lbfgs.start(one, one.prior());
    while (state.step() < 5) {
      state = lbfgs.next(one, state);
    }
    assertTrue(state.resumable());
    Lbfgs.State stored = lbfgs.codec().decode(lbfgs.codec().encode(state));
    MultinomialProblem other = problem(Rows.of(200, 5).halves(), 5, 1e-5);
    for (int k = 0; k < 7; k++) {
      state = lbfgs.next(one, state);
      stored = lbfgs.next(other, stored);
      assertArrayEquals(state.parameters(), stored.parameters(), "step " + state.step());
    }
  }

  /** The optima of an independent solver, whose problems have no intercepts. */
  @Test
  void theObjectiveIsThatOfTheCertifiedOptimaAndFlatThere() throws IOException {
    List<double[]> rows = new ArrayList<>();
    List<double[]> optima = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    MultinomialTest.class.getResourceAsStream("/goldens/softmax_small.csv")),
                StandardCharsets.UTF_8))) {
      reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(
              line ->
                  (line.startsWith("x") ? rows : optima)
                      .add(
                          Arrays.stream(line.substring(2).split(",", -1))
                              .mapToDouble(Double::parseDouble)
                              .toArray()));
    }
    int d = rows.get(0).length - 1;
    assertEquals(2, optima.size());
    for (double[] golden : optima) {
      double[] penalties = new double[d];
      Arrays.fill(penalties, golden[0]);
      double[] at = Arrays.copyOfRange(golden, 2, golden.length + 3); // three intercepts of 0
      MultinomialProblem problem =
          new MultinomialProblem(
              new LocalMultinomialPasses(
                  List.of(Shard.of(List.of(dense(rows, d)), d)), new SoftmaxLoss(3), d),
              penalties,
              rows.size());
      Evaluation evaluation = problem.evaluate(at);
      // features are rounded to floats: 6e-8 of margins below 10, and weights are at a minimum
      assertEquals(golden[1], evaluation.value(), 1e-6 * golden[1]);
      for (int j = 0; j < 3 * d; j++) {
        assertEquals(0, evaluation.gradient()[j], 1e-6, "weight " + j);
      }
      // the golden's gradient, below 3e-17 an entry, over the penalty of at least 1e-3
      assertArrayEquals(at, SoftmaxModel.centred(at, 3), 3 * 3e-17 / 1e-3);
    }
  }

  /** Rows of d features and a label. */
  static Block dense(List<double[]> rows, int d) {
    int[] starts = new int[rows.size() + 1];
    int[] indices = new int[rows.size() * d];
    float[] values = new float[indices.length];
    double[] labels = new double[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < d; j++) {
        indices[i * d + j] = j;
        values[i * d + j] = (float) rows.get(i)[j];
      }
      labels[i] = rows.get(i)[d];
      starts[i + 1] = (i + 1) * d;
    }
    return new CsrBlock(d, starts, indices, values, labels, null);
  }
}
