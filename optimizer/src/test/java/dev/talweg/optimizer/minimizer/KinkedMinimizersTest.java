package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.HuberLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SquaredHingeLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.OrderedSum;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.state.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Minimizers of objectives with l1, elastic net and bounds. */
class KinkedMinimizersTest {
  private static final double[] NONE = {};

  private static final Map<String, PointwiseLoss> LOSSES =
      Map.of(
          "logistic", new LogisticLoss(),
          "squared", new SquaredLoss(),
          "huber(1.35)", new HuberLoss(1.35),
          "squared_hinge", new SquaredHingeLoss());

  /** Rows of the small goldens have four decimals: times this they are floats exactly. */
  private static final double EXACT = 1e4;

  private record Golden(
      String loss, double l1, double l2, double objective, double intercept, double[] weights) {
    @Override
    public String toString() {
      return loss + ", l1 = " + l1 + ", l2 = " + l2;
    }
  }

  private static Stream<String[]> lines(String file, String kind) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(KinkedMinimizersTest.class.getResourceAsStream(file)),
                StandardCharsets.UTF_8))) {
      return reader.lines().map(l -> l.split(",")).filter(c -> c[0].equals(kind)).toList().stream();
    }
  }

  static Stream<Golden> certifiedOptima() throws IOException {
    return lines("/goldens/optima_small_l1.csv", "f")
        .map(
            cells -> {
              double[] all =
                  Arrays.stream(cells, 2, cells.length).mapToDouble(Double::parseDouble).toArray();
              return new Golden(
                  cells[1], all[0], all[1], all[2], all[3], Arrays.copyOfRange(all, 4, 8));
            });
  }

  @ParameterizedTest
  @MethodSource("certifiedOptima")
  void theOptimumIsThatOfAnIndependentSolver(Golden golden) throws IOException {
    PointwiseLoss loss = Objects.requireNonNull(LOSSES.get(golden.loss()));
    List<double[]> rows = new ArrayList<>();
    List<Double> labels = new ArrayList<>();
    lines("/goldens/optima_small.csv", "x")
        .forEach(
            cells -> {
              double[] row = new double[4];
              Arrays.setAll(row, j -> Math.rint(EXACT * Double.parseDouble(cells[j + 1])));
              rows.add(row);
              double y = Double.parseDouble(cells[loss.classifies() ? 5 : 6]);
              labels.add(loss.classifies() ? (y + 1) / 2 : y);
            });
    Penalty penalty =
        new Penalty(
            filled(4, golden.l2() * EXACT * EXACT), filled(4, golden.l1() * EXACT), NONE, NONE);
    LinearProblem problem = problem(rows, labels, loss, penalty);
    ProximalQuasiNewton.State state = minimize(problem, 1e-13);
    // the golden's residual and ours are roundings: 1e-16 of sums of 24 terms
    assertEquals(golden.objective(), state.value(), 1e-12 * golden.objective());
    for (int j = 0; j < 4; j++) {
      // curvatures are at least 1e-2: weights are known to the root of the objective's rounding
      assertEquals(golden.weights()[j], EXACT * state.parameters()[j], 1e-6);
      assertEquals(golden.weights()[j] == 0, state.parameters()[j] == 0, "weight " + j);
    }
    assertEquals(golden.intercept(), state.parameters()[4], 1e-6);
    Certificate certificate = problem.certify(state.parameters()).orElseThrow();
    assertTrue(Math.abs(certificate.relativeGap()) < 1e-12, () -> "" + certificate.relativeGap());
  }

  static Stream<Penalty> penalties() {
    int d = 30;
    return Stream.of(
        new Penalty(filled(d, 0), filled(d, 2e-2), NONE, NONE),
        new Penalty(filled(d, 1e-2), filled(d, 1e-2), NONE, NONE),
        new Penalty(filled(d, 1e-7), filled(d, 1e-2), NONE, NONE),
        bounded(d, 1e-2, 0),
        bounded(d, 1e-3, 5e-3),
        bounded(d, 0, 5e-3));
  }

  /** By turns features whose weights are at least 0, between −0.1 and 0.05, and without bounds. */
  static Penalty bounded(int d, double l2, double l1) {
    double[] lower = filled(d, Double.NEGATIVE_INFINITY);
    double[] upper = filled(d, Double.POSITIVE_INFINITY);
    for (int j = 0; j < d; j++) {
      lower[j] = j % 3 == 0 ? 0 : j % 3 == 1 ? -0.1 : Double.NEGATIVE_INFINITY;
      upper[j] = j % 3 == 1 ? 0.05 : Double.POSITIVE_INFINITY;
    }
    return new Penalty(filled(d, l2), l1 > 0 ? filled(d, l1) : NONE, lower, upper);
  }

  @ParameterizedTest
  @MethodSource("penalties")
  void atTheEndTheConditionsHoldAndNoProximalGradientStepLeadsLower(Penalty penalty) {
    for (PointwiseLoss loss : LOSSES.values()) {
      LinearProblem problem = random(7, 300, loss, penalty);
      ProximalQuasiNewton.State state = minimize(problem, 1e-13);
      double[] x = state.parameters();
      double[] gradient = problem.evaluate(x).gradient();
      for (int j = 0; j < penalty.features(); j++) {
        assertTrue(x[j] >= penalty.lower(j) && x[j] <= penalty.upper(j), "bounds of " + j);
        // a gap of 1e-13 and curvatures up to 5: |residual|² ≤ 2 · 5 · 1e-13
        assertEquals(0, penalty.residual(j, x[j], gradient[j]), 2e-6, loss + ", weight " + j);
      }
      double independent = proximalGradient(problem, 20_000);
      assertEquals(independent, state.value(), 1e-9 * Math.abs(independent), loss.toString());
      assertTrue(state.value() <= independent + 1e-12, "plain steps found less");
      assertTrue(state.gap() <= 1e-9, loss + ": gap " + state.gap());
    }
  }

  /** The least value that proximal gradient descent finds, with a step that halves at need. */
  static double proximalGradient(RayObjective problem, int steps) {
    Penalty penalty = problem.penalty();
    int d = penalty.features();
    double[] x = problem.prior();
    penalty.clamp(x);
    double curvature = 1;
    double[] momentum = x.clone();
    double value = problem.evaluate(x).value() + penalty.lasso(x);
    double t = 1;
    for (int k = 0; k < steps; k++) {
      Evaluation at = problem.evaluate(momentum);
      while (true) {
        double[] next = momentum.clone();
        double model = at.value();
        for (int j = 0; j < next.length; j++) {
          double slope = at.gradient()[j];
          next[j] =
              j < d
                  ? penalty.proximal(j, momentum[j], slope, curvature)
                  : momentum[j] - slope / curvature;
          double by = next[j] - momentum[j];
          model += slope * by + 0.5 * curvature * by * by;
        }
        double smooth = problem.evaluate(next).value();
        if (smooth > model + 1e-15) {
          curvature *= 2;
          continue;
        }
        double reached = smooth + penalty.lasso(next);
        double after = reached > value ? 1 : (1 + Math.sqrt(1 + 4 * t * t)) / 2; // restarted
        double share = reached > value ? 0 : (t - 1) / after;
        for (int j = 0; j < next.length; j++) {
          momentum[j] = next[j] + share * (next[j] - x[j]);
        }
        x = next;
        t = after;
        value = reached;
        break;
      }
    }
    return value;
  }

  @ParameterizedTest
  @MethodSource("penalties")
  void everyBoundOnTheWayIsBelowTheOptimum(Penalty penalty) {
    LinearProblem problem = random(3, 200, new LogisticLoss(), penalty);
    double optimum = minimize(problem, 1e-13).value();
    Random random = new Random(4);
    for (int k = 0; k < 30; k++) {
      double[] point = random.doubles(problem.dimension(), -0.3, 0.3).toArray();
      penalty.clamp(point);
      Certificate certificate = problem.certify(point).orElseThrow();
      assertTrue(certificate.dual() <= optimum + 1e-14, "certified " + certificate);
      Evaluation at = problem.evaluate(point);
      double free = problem.lowerBound(point, at.gradient());
      assertTrue(free <= optimum + 1e-14, () -> free + " above " + optimum);
      assertTrue(free <= certificate.dual() + 1e-12, "what is not known is not gained");
      assertTrue(free > Double.NEGATIVE_INFINITY);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "squared", "squared_hinge", "huber(1.35)"})
  void owlqnEndsAtTheSameOptimum(String name) {
    PointwiseLoss loss = Objects.requireNonNull(LOSSES.get(name));
    int d = 30;
    Penalty penalty = new Penalty(filled(d, 1e-3), filled(d, 1e-2), NONE, NONE);
    LinearProblem problem = random(5, 300, loss, penalty);
    Owlqn owlqn = new Owlqn();
    Owlqn.State own = owlqn.start(problem, problem.prior());
    for (int k = 0; k < 400 && own.failure().isEmpty() && !(own.gap() <= 1e-7); k++) {
      own = owlqn.next(problem, own);
    }
    ProximalQuasiNewton.State state = minimize(problem, 1e-13);
    // Armijo's test cannot see less than a rounding of the value, which is reached long before
    assertEquals(state.value(), own.value(), 1e-7 * own.value());
    assertTrue(own.value() >= state.value() * (1 - 1e-12), "below the optimum");
    assertTrue(own.lowerBound() <= state.value() * (1 + 1e-12), "a bound above the optimum");
  }

  @Test
  void fromTheLargestUsefulL1OnAllWeightsAreZero() {
    int d = 30;
    LinearProblem free = random(2, 300, new LogisticLoss(), Penalty.ridge(filled(d, 0)));
    double[] gradient = free.evaluate(free.prior()).gradient();
    double largest = Arrays.stream(gradient, 0, d).map(Math::abs).max().orElseThrow();
    double atLeast = largest * (1 + 1e-12); // at equality rounding decides
    LinearProblem none =
        random(
            2, 300, new LogisticLoss(), new Penalty(filled(d, 0), filled(d, atLeast), NONE, NONE));
    ProximalQuasiNewton.State state = minimize(none, 1e-15);
    assertArrayEquals(filled(d, 0), Arrays.copyOf(state.parameters(), d));
    // the gap closes at once: sums of 300 roundings
    assertTrue(none.certify(state.parameters()).orElseThrow().relativeGap() < 1e-13);
    LinearProblem one =
        random(
            2,
            300,
            new LogisticLoss(),
            new Penalty(filled(d, 0), filled(d, 0.99 * largest), NONE, NONE));
    assertEquals(
        1,
        Arrays.stream(minimize(one, 1e-12).parameters(), 0, d).filter(w -> w != 0).count(),
        "below it one is selected");
  }

  @Test
  void duplicatedColumnsShareTheirWeightAndEndInACertificate() {
    Random random = new Random(8);
    List<double[]> rows = new ArrayList<>();
    List<Double> labels = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double[] row = random.doubles(6, -1, 1).toArray();
      row[4] = row[0];
      row[5] = -row[1];
      rows.add(row);
      labels.add(random.nextDouble() < 1 / (1 + Math.exp(2 * row[1] - row[0])) ? 1.0 : 0.0);
    }
    Penalty penalty = new Penalty(filled(6, 0), filled(6, 1e-2), NONE, NONE);
    LinearProblem problem = problem(rows, labels, new LogisticLoss(), penalty);
    ProximalQuasiNewton.State state = minimize(problem, 1e-12);
    assertTrue(problem.certify(state.parameters()).orElseThrow().relativeGap() < 1e-11);
    Penalty strict = new Penalty(filled(6, 1e-3), filled(6, 1e-2), NONE, NONE);
    double[] unique =
        minimize(problem(rows, labels, new LogisticLoss(), strict), 1e-14).parameters();
    // a gap of 1e-14 and a curvature of at least 1e-3
    assertEquals(unique[0], unique[4], 1e-5);
    assertEquals(unique[1], -unique[5], 1e-5);
  }

  @Test
  void withoutL1AndBoundsItIsLbfgs() {
    Penalty ridge = Penalty.ridge(filled(30, 1e-3));
    LinearProblem problem = random(6, 300, new LogisticLoss(), ridge);
    Lbfgs lbfgs = new Lbfgs();
    Lbfgs.State expected = lbfgs.start(problem, problem.prior());
    for (int k = 0; k < 30 && expected.failure().isEmpty() && expected.gap() > 1e-14; k++) {
      expected = lbfgs.next(problem, expected);
    }
    ProximalQuasiNewton.State state = minimize(problem, 1e-13);
    assertEquals(expected.value(), state.value(), 1e-13 * expected.value());
    LinearProblem free = random(6, 300, new LogisticLoss(), Penalty.ridge(filled(30, 0)));
    ProximalQuasiNewton.State unpenalized = minimize(free, 1e-13);
    assertTrue(unpenalized.gradientNorm() < 1e-7, () -> "" + unpenalized.gradientNorm());
    assertTrue(Double.isNaN(unpenalized.gap()), "without a penalty nothing is certified");
  }

  @Test
  void aModelOfManyFeaturesHasADiagonalMetricAndAWorkingSet() {
    int d = 2000;
    Random random = new Random(12);
    List<double[]> rows = new ArrayList<>();
    List<Double> labels = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      double[] row = new double[d];
      for (int k = 0; k < 20; k++) {
        row[(int) (d * random.nextDouble() * random.nextDouble())] = 1;
      }
      rows.add(row);
      labels.add(random.nextDouble() < (row[0] + row[1] + row[2] > 0 ? 0.8 : 0.3) ? 1.0 : 0.0);
    }
    for (double l2 : new double[] {0, 1e-3}) {
      Penalty penalty = new Penalty(filled(d, l2), filled(d, 2e-3), NONE, NONE);
      LinearProblem problem = problem(rows, labels, new LogisticLoss(), penalty);
      ProximalQuasiNewton.State state = minimize(problem, 1e-11);
      assertTrue(problem.certify(state.parameters()).orElseThrow().relativeGap() < 1e-10);
      long selected = Arrays.stream(state.parameters(), 0, d).filter(w -> w != 0).count();
      assertTrue(selected > 0 && selected < d / 4, () -> selected + " selected");
    }
  }

  @ParameterizedTest
  @MethodSource("penalties")
  void aResumedRunIsTheRunThatWentOn(Penalty penalty) {
    aRunResumes(() -> random(11, 100, new LogisticLoss(), penalty));
  }

  /** By both methods where there are no bounds, on problems that are made alike. */
  static void aRunResumes(Supplier<RayObjective> problems) {
    resumes(new ProximalQuasiNewton(4, 3), problems);
    if (!problems.get().penalty().bounded()) {
      resumes(new Owlqn(4, 3), problems);
    }
  }

  private static <S extends Minimizer.State> void resumes(
      RayMinimizer<S> minimizer, Supplier<RayObjective> problems) {
    RayObjective uninterrupted = problems.get();
    S state = minimizer.start(uninterrupted, uninterrupted.prior());
    Snapshot saved = Snapshot.take("m", 0, minimizer.codec(), state);
    for (int k = 0; k < 8 && state.failure().isEmpty(); k++) {
      state = minimizer.next(uninterrupted, state);
      assertEquals(state.step() % 3 == 0, state.resumable());
      if (state.step() == 3) {
        saved = Snapshot.take("m", 3, minimizer.codec(), state);
      }
    }
    RayObjective resumed = problems.get();
    S again = saved.restore("m", minimizer.codec());
    assertEquals(3, again.step());
    while (again.step() < state.step()) {
      again = minimizer.next(resumed, again);
      assertTrue(again.failure().isEmpty(), again.failure());
    }
    assertNotEquals(3, state.step());
    assertArrayEquals(state.parameters(), again.parameters());
    assertEquals(state.value(), again.value());
    assertEquals(state.gap(), again.gap());
    assertNotEquals(0, state.parameters()[0] + state.parameters()[2] + state.parameters()[5]);
  }

  @Test
  void owlqnRefusesBounds() {
    Penalty box = new Penalty(filled(30, 1), NONE, filled(30, 0), filled(30, 1));
    LinearProblem problem = random(1, 50, new LogisticLoss(), box);
    assertThrows(IllegalArgumentException.class, () -> new Owlqn().start(problem, problem.prior()));
  }

  @Test
  void aBoundIsAskedForWhereTheEstimateIsNearTheGapThatIsAskedFor() {
    double gap = 1e-6;
    Penalty penalty = new Penalty(filled(30, 1e-2), filled(30, 1e-2), NONE, NONE);
    LinearProblem problem = random(7, 300, new LogisticLoss(), penalty, gap);
    ProximalQuasiNewton proximal = new ProximalQuasiNewton();
    ProximalQuasiNewton.State state = proximal.start(problem, problem.prior());
    int far = 0;
    while (!(state.gap() <= gap)) {
      assertEquals("", state.failure());
      assertEquals(state.gapEstimate() > 10 * gap, Double.isNaN(state.gap()));
      far += state.gapEstimate() > 10 * gap && state.gapEstimate() <= 1e-2 ? 1 : 0;
      state = proximal.next(problem, state);
    }
    assertTrue(far > 0, "no estimate was between");
    assertTrue(state.gapEstimate() <= 10 * gap);
  }

  private static ProximalQuasiNewton.State minimize(LinearProblem problem, double gap) {
    ProximalQuasiNewton proximal = new ProximalQuasiNewton();
    ProximalQuasiNewton.State state = proximal.start(problem, problem.prior());
    for (int k = 0; k < 100 && state.failure().isEmpty() && !(state.gap() <= gap); k++) {
      state = proximal.next(problem, state);
    }
    return state;
  }

  static double[] filled(int d, double value) {
    double[] filled = new double[d];
    Arrays.fill(filled, value);
    return filled;
  }

  /** Correlated columns off their centres, 30 of them, of which a few matter. */
  private static LinearProblem random(long seed, int n, PointwiseLoss loss, Penalty penalty) {
    return random(seed, n, loss, penalty, Double.POSITIVE_INFINITY);
  }

  private static LinearProblem random(
      long seed, int n, PointwiseLoss loss, Penalty penalty, double gap) {
    Random random = new Random(seed);
    DoubleUnaryOperator probability = z -> 1 / (1 + Math.exp(-z));
    List<double[]> rows = new ArrayList<>();
    List<Double> labels = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double common = random.nextGaussian();
      double[] row = new double[30];
      Arrays.setAll(row, j -> 0.5 * common + random.nextGaussian() + (j % 5 == 0 ? 3 : 0));
      rows.add(row);
      double z = row[0] - 3 + 0.5 * row[1] - row[2] + 0.3 * row[5] - 1;
      labels.add(
          loss.classifies()
              ? (random.nextDouble() < probability.applyAsDouble(z) ? 1.0 : 0.0)
              : z + random.nextGaussian());
    }
    return problem(rows, labels, loss, penalty, gap);
  }

  private static LinearProblem problem(
      List<double[]> rows, List<Double> labels, PointwiseLoss loss, Penalty penalty) {
    return problem(rows, labels, loss, penalty, Double.POSITIVE_INFINITY);
  }

  /** Two partitions. */
  private static LinearProblem problem(
      List<double[]> rows, List<Double> labels, PointwiseLoss loss, Penalty penalty, double gap) {
    int d = penalty.features();
    int half = rows.size() / 2;
    List<Shard> partitions =
        List.of(
            Shard.of(List.of(block(rows, labels, 0, half)), d),
            Shard.of(List.of(block(rows, labels, half, rows.size())), d));
    OrderedSum sum = new OrderedSum(3 * d + PartitionPasses.MOMENTS);
    sum.add(0, PartitionPasses.moments(partitions.get(0)));
    sum.add(1, PartitionPasses.moments(partitions.get(1)));
    Moments moments = Moments.of(sum.total());
    return new LinearProblem(new LocalPasses(partitions, loss, d), loss, moments, penalty, gap);
  }

  private static Block block(List<double[]> rows, List<Double> labels, int from, int until) {
    int d = rows.get(0).length;
    int[] starts = new int[until - from + 1];
    int[] indices = new int[(until - from) * d];
    float[] values = new float[indices.length];
    int next = 0;
    for (int i = from; i < until; i++) {
      for (int j = 0; j < d; j++) {
        if (rows.get(i)[j] != 0) {
          indices[next] = j;
          values[next++] = (float) rows.get(i)[j];
        }
      }
      starts[i - from + 1] = next;
    }
    double[] own = labels.subList(from, until).stream().mapToDouble(y -> y).toArray();
    return new CsrBlock(d, starts, indices, values, own, null);
  }
}
