package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.HuberLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SquaredHingeLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LbfgsTest {
  private static final Map<String, PointwiseLoss> LOSSES =
      Map.of(
          "logistic", new LogisticLoss(),
          "squared", new SquaredLoss(),
          "huber(1.35)", new HuberLoss(1.35),
          "squared_hinge", new SquaredHingeLoss());

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
          goldens.add(new Golden(cells[1], all[0], all[1], all[2], Arrays.copyOfRange(all, 3, 7)));
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
    double[] labels =
        ROWS.stream().mapToDouble(r -> loss.classifies() ? (r[4] + 1) / 2 : r[5]).toArray();
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

  @Test
  void theCertificateEnclosesTheOptimumFromAnyPoint() {
    LinearProblem problem = random(3, new LogisticLoss(), 1e-3);
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
    for (int k = 0; k < 8; k++) {
      state = lbfgs.next(uninterrupted, state);
      assertEquals(state.step() % 3 == 0, state.resumable());
      saved = state.step() == 3 ? state : saved;
    }
    LinearProblem resumed = random(11, new LogisticLoss(), 1e-6);
    Lbfgs.State again = saved;
    while (again.step() < 8) {
      again = lbfgs.next(resumed, again);
    }
    assertArrayEquals(state.parameters(), again.parameters());
    assertArrayEquals(state.gradient(), again.gradient());
    assertEquals(state.value(), again.value());
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
  void theOptimumOfADiagonalPreconditionerIsTheExactOnes() {
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

  private static LinearProblem random(long seed, PointwiseLoss loss, double lambda) {
    Random random = new Random(seed);
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[60];
    for (int i = 0; i < 60; i++) {
      rows.add(random.doubles(5, -2, 2).toArray());
      labels[i] = random.nextInt(2);
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

  /** Two partitions, the first with two blocks. */
  private static LinearProblem problem(
      List<double[]> rows, double[] labels, PointwiseLoss loss, double lambda) {
    int n = rows.size();
    int d = rows.get(0).length;
    double[] sums = new double[d];
    double[] squares = new double[d];
    double[] labelled = new double[d];
    for (int i = 0; i < n; i++) {
      double[] row = rows.get(i);
      for (int j = 0; j < d; j++) {
        float x = (float) row[j]; // as blocks have it
        sums[j] += x;
        squares[j] += (double) x * x;
        labelled[j] += labels[i] * x;
      }
    }
    double label = Arrays.stream(labels).sum();
    double labelSquares = Arrays.stream(labels).map(y -> y * y).sum();
    Moments moments = new Moments(n, n, label, labelSquares, sums, squares, labelled);
    List<Shard> partitions =
        List.of(
            Shard.of(List.of(block(rows, labels, 0, n / 3), block(rows, labels, n / 3, n / 2)), d),
            Shard.of(List.of(block(rows, labels, n / 2, n)), d));
    double[] penalties = new double[d];
    Arrays.fill(penalties, lambda);
    return new LinearProblem(new LocalPasses(partitions, loss, d), loss, moments, penalties);
  }

  private static Block block(List<double[]> rows, double[] labels, int from, int until) {
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
    return new CsrBlock(d, starts, indices, values, Arrays.copyOfRange(labels, from, until), null);
  }
}
