package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.conformance.LinearProblems;
import dev.talweg.optimizer.loss.GammaLoss;
import dev.talweg.optimizer.loss.HingeLoss;
import dev.talweg.optimizer.loss.HuberLoss;
import dev.talweg.optimizer.loss.LabelRange;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.PoissonLoss;
import dev.talweg.optimizer.loss.SquaredHingeLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.loss.TweedieLoss;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearPasses;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.OrderedSum;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.RayObjective.BlockOf;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LbfgsTest {
  private static final Map<String, PointwiseLoss> LOSSES =
      Map.of(
          "logistic", new LogisticLoss(),
          "squared", new SquaredLoss(),
          "huber(1.35)", new HuberLoss(1.35),
          "squared_hinge", new SquaredHingeLoss(),
          "poisson", new PoissonLoss(),
          "gamma", new GammaLoss(),
          "tweedie(1.5)", new TweedieLoss(1.5));

  private record Golden(
      String loss, double lambda, double objective, double intercept, double[] weights) {
    @Override
    public String toString() {
      return loss + ", l2 = " + lambda;
    }
  }

  private static final List<double[]> ROWS = new ArrayList<>();

  static Stream<Golden> certifiedOptima() throws IOException {
    List<Golden> goldens = new ArrayList<>();
    ROWS.clear();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    LbfgsTest.class.getResourceAsStream("/goldens/optima_small.csv")),
                StandardCharsets.UTF_8))) {
      for (String line : reader.lines().filter(l -> !l.startsWith("#")).toList()) {
        String[] cells = line.split(",");
        if (cells[0].equals("x")) {
          ROWS.add(numbers(cells, 1));
        } else {
          double[] all = numbers(cells, 2);
          if (LOSSES.containsKey(cells[1])) { // the others have kinks
            goldens.add(
                new Golden(cells[1], all[0], all[1], all[2], Arrays.copyOfRange(all, 3, 7)));
          }
        }
      }
    }
    return goldens.stream();
  }

  private static double[] numbers(String[] cells, int from) {
    return Arrays.stream(cells, from, cells.length).mapToDouble(Double::parseDouble).toArray();
  }

  @ParameterizedTest
  @MethodSource("certifiedOptima")
  void reachesTheCertifiedOptimumOfAnIndependentSolver(Golden golden) {
    PointwiseLoss loss = Objects.requireNonNull(LOSSES.get(golden.loss()));
    double[] labels = labels(loss);
    LinearProblem problem =
        problem(
            ROWS.stream().map(r -> Arrays.copyOf(r, 4)).toList(), labels, loss, golden.lambda());
    Lbfgs.State state = minimize(problem, 60, 1e-13);
    // features are rounded to float (6e-8); the optimum's value moves by that times Σ|g_ij|/n ≲ 1
    assertEquals(golden.objective(), state.value(), 1e-7);
    for (int j = 0; j < 4; j++) {
      assertEquals(golden.weights()[j], state.parameters()[j], 2e-5);
    }
    assertEquals(golden.intercept(), state.parameters()[4], 2e-5);
    Certificate certificate = problem.certify(state.parameters()).orElseThrow();
    assertTrue(certificate.relativeGap() < 1e-10, () -> "gap " + certificate.relativeGap());
    assertTrue(certificate.relativeGap() > -1e-12, () -> "gap " + certificate.relativeGap());
  }

  private static double[] labels(PointwiseLoss loss) {
    int column =
        loss instanceof PoissonLoss
            ? 6
            : loss instanceof GammaLoss ? 7 : loss instanceof TweedieLoss ? 8 : 5;
    return ROWS.stream()
        .mapToDouble(row -> loss.classifies() ? (row[4] + 1) / 2 : row[column])
        .toArray();
  }

  /** At zero every margin is at the flat end of the corner's parabola: no curvature anywhere. */
  @Test
  void anInterceptWithoutCurvatureFindsAStepAllTheSame() {
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[9];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 3 == 0 ? 1 : 0;
      rows.add(new double[] {labels[i] + 0.25 * (i % 4)});
    }
    LinearProblem problem = problem(rows, labels, new HingeLoss(1e-3), 0.1);
    NewtonState state = new CholeskyNewton(1, 1).start(problem, new double[2]);
    for (int k = 0; k < 30 && !(state.gap() < 1e-9); k++) {
      state = new CholeskyNewton(1, 1).next(problem, state);
      assertEquals("", state.failure());
    }
    double gap = problem.certify(state.parameters()).orElseThrow().relativeGap();
    assertTrue(gap < 1e-6, "the gap is " + gap);
  }

  static Stream<PointwiseLoss> smooth() {
    return LOSSES.values().stream().sorted(Comparator.comparing(PointwiseLoss::name));
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void theCertificateEnclosesTheOptimumFromAnyPoint(PointwiseLoss loss) {
    LinearProblem problem = random(3, loss, 1e-3);
    double optimum = minimize(problem, 60, 1e-14).value();
    Random random = new Random(5);
    for (int k = 0; k < 20; k++) {
      double[] point = random.doubles(problem.dimension(), -1, 1).toArray();
      Certificate certificate = problem.certify(point).orElseThrow();
      assertTrue(certificate.dual() <= optimum + 1e-14, () -> "dual above " + optimum);
      assertTrue(certificate.primal() >= optimum - 1e-14);
    }
  }

  @Test
  void withoutAPenaltyThereIsNoCertificate() {
    LinearProblem problem = random(3, new LogisticLoss(), 0);
    assertTrue(problem.certify(new double[problem.dimension()]).isEmpty());
    assertTrue(Double.isNaN(new Lbfgs().start(problem, problem.prior()).gap()));
  }

  @Test
  void aResumedRunIsTheRunThatWentOn() {
    Lbfgs lbfgs = new Lbfgs(4, 3);
    LinearProblem uninterrupted = random(11, new LogisticLoss(), 1e-6);
    Lbfgs.State state = lbfgs.start(uninterrupted, uninterrupted.prior());
    Lbfgs.State saved = state;
    while (state.step() < 5) { // it is at its optimum, to rounding, soon after
      state = lbfgs.next(uninterrupted, state);
      assertEquals("", state.failure());
      assertEquals(state.step() % 3 == 0, state.resumable());
      saved = state.step() == 3 ? state : saved;
    }
    LinearProblem resumed = random(11, new LogisticLoss(), 1e-6);
    Lbfgs.State again = saved;
    while (again.step() < 5) {
      again = lbfgs.next(resumed, again);
      assertEquals("", again.failure());
    }
    assertArrayEquals(state.parameters(), again.parameters());
    assertArrayEquals(state.gradient(), again.gradient());
    assertEquals(state.value(), again.value());
  }

  @Test
  void theDiagonalServesUntilTheBlockIsDue() {
    LinearProblem problem = random(11, new LogisticLoss(), 1e-6);
    int features = problem.dimension() - 1;
    Lbfgs late = new Lbfgs(4, 5, features - 1, 3);
    Lbfgs.State state = late.start(problem, problem.prior());
    for (int step = 0; step < 5; step++) {
      assertEquals(step > 3, state.preconditioner().blocks().get(0).isDense(), "step " + step);
      state = late.next(problem, state);
      assertEquals("", state.failure());
    }
    Lbfgs whole = new Lbfgs(4, 5, features, 3);
    assertTrue(whole.start(problem, problem.prior()).preconditioner().blocks().get(0).isExact());
  }

  @Test
  void theWholeMatrixTakenAnewForgetsThePairsOfAnotherPoint() {
    LinearProblem problem = random(11, new LogisticLoss(), 1e-6);
    int features = problem.dimension() - 1;
    assertEquals(1, pairsAfterTwoSteps(problem, new Lbfgs(4, 5, features, 0)));
    assertEquals(2, pairsAfterTwoSteps(problem, new Lbfgs(4, 5, features - 1, 0)));
    assertEquals(2, pairsAfterTwoSteps(problem, new Lbfgs(4, 5, features, 0, BlockOf.SAMPLE)));
  }

  /** The matrix is taken anew after step 1. */
  private static int pairsAfterTwoSteps(LinearProblem problem, Lbfgs lbfgs) {
    Lbfgs.State state = lbfgs.start(problem, problem.prior());
    state = lbfgs.next(problem, lbfgs.next(problem, state));
    assertEquals("", state.failure());
    return state.pairs().size();
  }

  @Test
  void aGuessFarFromOneIsSearchedBeforeItCostsAPassInVain() {
    Random random = new Random(4);
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[300];
    for (int i = 0; i < 300; i++) {
      double[] row = random.doubles(3, -1, 1).toArray();
      rows.add(row);
      labels[i] = row[0] > 0.1 ? 1 : 0; // separable: the minimum is further than Newton's step
    }
    List<Shard> shards = List.of(Shard.of(List.of(block(rows, labels, null, 0, 300)), 3));
    LinearPasses passes = new LocalPasses(shards, new LogisticLoss(), 3);
    int[] projected = {0};
    LinearPasses counted =
        (LinearPasses)
            Proxy.newProxyInstance(
                LinearPasses.class.getClassLoader(),
                new Class<?>[] {LinearPasses.class},
                (self, method, arguments) -> {
                  projected[0] += method.getName().equals("project") ? 1 : 0;
                  return method.invoke(passes, arguments);
                });
    double[] penalties = {1e-7, 1e-7, 1e-7};
    LinearProblem problem =
        new LinearProblem(
            counted, new LogisticLoss(), LinearProblems.moments(shards, 3), penalties);
    Lbfgs lbfgs = new Lbfgs();
    Lbfgs.State state = lbfgs.start(problem, problem.prior());
    boolean far = false;
    for (int step = 0; step < 6; step++) {
      state = lbfgs.next(problem, state);
      assertEquals("", state.failure());
      far |= state.stepLength() > 3; // more than a guess may be
    }
    assertTrue(far, "no step was searched");
    assertEquals(6, projected[0]);
  }

  @Test
  void rawScalesOfSixOrdersOfMagnitudeDoNotMatter() {
    Random random = new Random(1);
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[500];
    for (int i = 0; i < 500; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      rows.add(new double[] {a * 1e6 + 2e6, b * 1e-2 + 2015});
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(a - b)) ? 1 : 0;
    }
    LinearProblem problem = problem(rows, labels, new LogisticLoss(), 1e-18);
    Lbfgs.State state = minimize(problem, 15, 1e-6);
    assertTrue(state.gapEstimate() < 1e-10, () -> "estimate " + state.gapEstimate());
  }

  @Test
  void theOptimumOfAPartlyDiagonalPreconditionerIsTheExactOnes() {
    Random random = new Random(2);
    int d = LinearProblem.EXACT_CURVATURE + 20;
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[400];
    for (int i = 0; i < 400; i++) {
      double[] row = new double[d];
      for (int k = 0; k < 6; k++) {
        row[random.nextInt(d)] = 1;
      }
      rows.add(row);
      labels[i] = random.nextInt(2);
    }
    LinearProblem problem = problem(rows, labels, new LogisticLoss(), 1e-3);
    Lbfgs.State state = minimize(problem, 80, 1e-12);
    assertFalse(state.gap() > 1e-12, () -> "gap " + state.gap());
    assertTrue(problem.certify(state.parameters()).orElseThrow().relativeGap() < 1e-11);
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void anOffsetIsAFeatureWhoseWeightIsOne(PointwiseLoss loss) {
    Random random = new Random(17);
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[80];
    double[] offsets = new double[80];
    for (int i = 0; i < 80; i++) {
      rows.add(random.doubles(3, -1, 1).toArray());
      offsets[i] = 6 * random.nextDouble() - 1;
      labels[i] = loss.classifies() ? random.nextInt(2) : Math.exp(random.nextGaussian());
    }
    LinearProblem with = problem(rows, labels, offsets, loss, 1e-2);
    Lbfgs.State state = minimize(with, 60, 1e-14);
    List<double[]> wider = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      double[] row = Arrays.copyOf(rows.get(i), 4);
      row[3] = offsets[i];
      wider.add(row);
    }
    LinearProblem without = problem(wider, labels, null, loss, 1e-2);
    double[] parameters = {
      state.parameters()[0], state.parameters()[1], state.parameters()[2], 1, state.parameters()[3]
    };
    Evaluation there = without.evaluate(parameters);
    // the fourth weight pays its penalty; the feature is the offset rounded to float
    assertEquals(state.value(), there.value() - 0.005, 1e-6 * (1 + Math.abs(state.value())));
    for (int j : new int[] {0, 1, 2}) {
      assertEquals(0, there.gradient()[j], 1e-5);
    }
    Certificate certificate = with.certify(state.parameters()).orElseThrow();
    assertTrue(Math.abs(certificate.relativeGap()) < 1e-10, () -> "gap " + certificate);
    double[] start = with.prior();
    assertEquals(0, with.evaluate(start).gradient()[3], 0.02 * (1 + Math.abs(state.value())));
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void hopelessDataGivesNoNumberThatIsNone(PointwiseLoss loss) {
    List<double[]> rows = List.of(new double[2], new double[] {1e6, 0}, new double[] {1e6, 0});
    double[] labels = loss.labels() == LabelRange.POSITIVE ? new double[] {1, 2, 2} : LABELS;
    for (double lambda : new double[] {0, 1e-12, 1}) { // separable, no feature, one twice
      LinearProblem problem = problem(rows, labels, loss, lambda);
      Lbfgs.State state = minimize(problem, 50, 1e-12);
      assertTrue(Double.isFinite(state.value()), state::toString);
      assertTrue(Double.isFinite(state.gradientNorm()), state::toString);
      assertTrue(Arrays.stream(state.parameters()).allMatch(Double::isFinite));
      assertTrue(state.value() <= problem.evaluate(problem.prior()).value());
    }
  }

  private static final double[] LABELS = {0, 1, 1};

  @Test
  void offsetsOfManyOrdersOfMagnitudeDoNotMatter() {
    Random random = new Random(23);
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[400];
    double[] offsets = new double[400];
    for (int i = 0; i < 400; i++) {
      rows.add(random.doubles(3, -1, 1).toArray());
      offsets[i] = i % 100 == 0 ? 14 : -8 * random.nextDouble(); // few large fleets, many cars
      double mean = Math.exp(offsets[i] - 3 + rows.get(i)[0]);
      labels[i] = Math.rint(mean);
    }
    LinearProblem problem = problem(rows, labels, offsets, new PoissonLoss(), 1e-6);
    Lbfgs.State state = minimize(problem, 40, 1e-10);
    assertTrue(state.gap() <= 1e-10, () -> "gap " + state.gap());
    assertEquals(-3, state.parameters()[3], 0.01);
    assertEquals(1, state.parameters()[0], 0.01);
  }

  private static LinearProblem random(long seed, PointwiseLoss loss, double lambda) {
    Random random = new Random(seed);
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[60];
    for (int i = 0; i < 60; i++) {
      rows.add(random.doubles(5, -2, 2).toArray());
      labels[i] = random.nextInt(2);
      labels[i] += loss.labels() == LabelRange.POSITIVE ? 0.5 : 0;
    }
    return problem(rows, labels, loss, lambda);
  }

  private static Lbfgs.State minimize(LinearProblem problem, int steps, double gap) {
    Lbfgs lbfgs = new Lbfgs();
    Lbfgs.State state = lbfgs.start(problem, problem.prior());
    for (int k = 0; k < steps && state.failure().isEmpty() && !(state.gap() <= gap); k++) {
      state = lbfgs.next(problem, state);
    }
    return state;
  }

  private static LinearProblem problem(
      List<double[]> rows, double[] labels, PointwiseLoss loss, double lambda) {
    return problem(rows, labels, null, loss, lambda);
  }

  /** Two partitions, the first with two blocks. */
  static LinearProblem problem(
      List<double[]> rows,
      double[] labels,
      double @Nullable [] offsets,
      PointwiseLoss loss,
      double lambda) {
    int n = rows.size();
    int d = rows.get(0).length;
    List<Shard> partitions =
        List.of(
            Shard.of(
                List.of(
                    block(rows, labels, offsets, 0, n / 3),
                    block(rows, labels, offsets, n / 3, n / 2)),
                d),
            Shard.of(List.of(block(rows, labels, offsets, n / 2, n)), d));
    OrderedSum sum = new OrderedSum(3 * d + PartitionPasses.MOMENTS);
    for (int p = 0; p < 2; p++) {
      sum.add(p, PartitionPasses.moments(partitions.get(p)));
    }
    Moments moments = Moments.of(sum.total());
    double[] penalties = new double[d];
    Arrays.fill(penalties, lambda);
    return new LinearProblem(new LocalPasses(partitions, loss, d), loss, moments, penalties);
  }

  private static Block block(
      List<double[]> rows, double[] labels, double @Nullable [] offsets, int from, int until) {
    int d = rows.get(0).length;
    int[] starts = new int[until - from + 1];
    int[] indices = new int[(until - from) * d];
    float[] values = new float[indices.length];
    for (int i = from; i < until; i++) {
      for (int j = 0; j < d; j++) {
        indices[(i - from) * d + j] = j;
        values[(i - from) * d + j] = (float) rows.get(i)[j];
      }
      starts[i - from + 1] = (i - from + 1) * d;
    }
    return new CsrBlock(
        d,
        starts,
        indices,
        values,
        Arrays.copyOfRange(labels, from, until),
        null,
        offsets == null ? null : Arrays.copyOfRange(offsets, from, until));
  }
}
