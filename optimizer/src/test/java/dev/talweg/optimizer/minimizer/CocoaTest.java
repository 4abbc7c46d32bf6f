package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.conformance.LinearProblems;
import dev.talweg.optimizer.loss.DualLoss;
import dev.talweg.optimizer.loss.HingeLoss;
import dev.talweg.optimizer.loss.HuberLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.QuantileLoss;
import dev.talweg.optimizer.loss.SquaredHingeLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.state.Snapshot;
import dev.talweg.optimizer.stopping.GapBelow;
import dev.talweg.optimizer.stopping.MaxIterations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Local dual ascent, beside minimizers of the primal. */
class CocoaTest {
  private static final int FEATURES = 6;
  private static final int ROWS = 240;
  private static final Cocoa COCOA = new Cocoa(5, 0);

  static Stream<DualLoss> smooth() {
    return Stream.of(
        new LogisticLoss(),
        new SquaredLoss(),
        new SquaredHingeLoss(),
        new HuberLoss(0.7),
        new HingeLoss(0.2),
        new QuantileLoss(0.8, 0.2));
  }

  static Stream<DualLoss> all() {
    return Stream.concat(smooth(), Stream.of(new HingeLoss(0), new QuantileLoss(0.8, 0)));
  }

  /** Three partitions of sparse rows far off centre, with weights (some 0) and offsets. */
  private static List<Shard> shards(PointwiseLoss loss) {
    List<Shard> shards = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      int rows = p == 2 ? ROWS / 2 : ROWS / 4;
      int[] starts = new int[rows + 1];
      int[] indices = new int[rows * FEATURES];
      float[] values = new float[rows * FEATURES];
      double[] labels = new double[rows];
      double[] weights = new double[rows];
      double[] offsets = new double[rows];
      int count = 0;
      for (int i = 0; i < rows; i++) {
        double margin = 0;
        for (int j = 0; j < FEATURES; j++) {
          if (j == 0 || CounterRandom.uniform(1, p, i, j) < 0.6) {
            double x = CounterRandom.gaussian(2, p, i, j) + (j == 0 ? 20 : 0);
            indices[count] = j;
            values[count] = (float) x;
            margin += (j % 2 == 0 ? 0.5 : -0.8) * (j == 0 ? x - 20 : x);
            count++;
          }
        }
        starts[i + 1] = count;
        double noisy = margin + CounterRandom.gaussian(3, p, i, 0);
        labels[i] = loss.classifies() ? (noisy > 0.3 ? 1 : 0) : noisy;
        weights[i] = i % 7 == 0 ? 0 : 0.5 + i % 3;
        offsets[i] = 0.1 * (i % 4);
      }
      CsrBlock block = new CsrBlock(FEATURES, starts, indices, values, labels, weights, offsets);
      shards.add(Shard.of(List.of(block), FEATURES));
    }
    return shards;
  }

  private static LinearProblem problem(PointwiseLoss loss) {
    return problem(loss, 0.01, shards(loss));
  }

  /** The same rows in one partition, where local ascent is dual ascent. */
  private static LinearProblem together(PointwiseLoss loss) {
    List<Block> blocks = shards(loss).stream().flatMap(s -> s.blocks().stream()).toList();
    return problem(loss, 0.01, List.of(Shard.of(blocks, FEATURES)));
  }

  private static LinearProblem problem(PointwiseLoss loss, double l2, List<Shard> shards) {
    Moments moments = LinearProblems.moments(shards, FEATURES);
    double[] penalties = new double[FEATURES];
    Arrays.fill(penalties, l2);
    return new LinearProblem(new LocalPasses(shards, loss, FEATURES), loss, moments, penalties);
  }

  private static Cocoa.State minimized(LinearProblem problem, double gap) {
    return new Iterations<>(
            COCOA,
            problem,
            COCOA.start(problem, problem.prior()),
            new GapBelow(gap).or(new MaxIterations(1000)))
        .last()
        .state();
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void theOptimumIsThatOfLbfgs(DualLoss loss) {
    LinearProblem problem = problem(loss);
    Lbfgs lbfgs = new Lbfgs();
    double optimum =
        new Iterations<>(
                lbfgs,
                problem,
                lbfgs.start(problem, problem.prior()),
                new GapBelow(1e-10).or(new MaxIterations(200)))
            .last()
            .state()
            .value();
    certified(minimized(together(loss), 1e-6), 1e-6, optimum);
    // rounds of partitions add up what each found alone: many more of them
    certified(minimized(problem(loss), 1e-3), 1e-3, optimum);
  }

  private static void certified(Cocoa.State state, double gap, double optimum) {
    assertTrue(state.gap() <= gap, () -> "gap " + state.gap() + " after " + state.step());
    // what is certified is true: the reference itself is known to 1e-10
    assertTrue(state.value() >= optimum * (1 - 1e-9), state.value() + " < " + optimum);
    assertTrue(state.value() <= optimum * (1 + 2 * gap), state.value() + " > " + optimum);
    assertTrue(state.bound() <= optimum * (1 + 1e-9), state.bound() + " > " + optimum);
  }

  /** A smoothed loss lies below the loss by at most its bias times the smoothing. */
  @Test
  void whatIsNotSmoothedIsTheLimitOfWhatIs() {
    for (boolean hinge : new boolean[] {true, false}) {
      double smoothing = 1e-3;
      DualLoss exact = hinge ? new HingeLoss(0) : new QuantileLoss(0.8, 0);
      DualLoss near = hinge ? new HingeLoss(smoothing) : new QuantileLoss(0.8, smoothing);
      Cocoa.State state = minimized(together(exact), 1e-4);
      Cocoa.State smoothed = minimized(together(near), 1e-4);
      assertTrue(state.gap() <= 1e-4, () -> "gap " + state.gap() + " after " + state.step());
      double bias = (hinge ? 0.5 : 0.5 * 0.8 * 0.8) * smoothing;
      assertTrue(smoothed.bound() <= state.value(), "the smoothed loss is below");
      assertTrue(state.bound() <= smoothed.value() + bias, "by no more than its bias");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void theGapNeverRises(DualLoss loss) {
    LinearProblem problem = problem(loss);
    Iterations<?, Cocoa.State> iterations =
        new Iterations<>(
            COCOA, problem, COCOA.start(problem, problem.prior()), new MaxIterations(15));
    double before = Double.POSITIVE_INFINITY;
    while (iterations.hasNext()) {
      Cocoa.State state = iterations.next().state();
      Certificate certificate = state.certificate().orElseThrow();
      double gap = certificate.primal() - certificate.dual();
      assertTrue(gap <= before && gap >= -1e-12, gap + " after " + before);
      before = gap;
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aResumedRunIsTheRunThatWentOn(DualLoss loss) {
    LinearProblem whole = problem(loss);
    Cocoa.State state = COCOA.start(whole, whole.prior());
    Snapshot snapshot = null;
    for (int k = 0; k < 6; k++) {
      if (k == 3) {
        snapshot = Snapshot.take("cocoa", state.step(), COCOA.codec(), state);
      }
      state = COCOA.next(whole, state);
    }
    LinearProblem anew = problem(loss);
    Cocoa.State resumed = Objects.requireNonNull(snapshot).restore("cocoa", COCOA.codec());
    for (int k = 3; k < 6; k++) {
      resumed = COCOA.next(anew, resumed);
    }
    assertArrayEquals(state.parameters(), resumed.parameters());
    assertEquals(state.bound(), resumed.bound());
    assertArrayEquals(state.current(), resumed.current());
    for (int p = 0; p < 3; p++) {
      assertArrayEquals(state.multipliers().get(p).values(), resumed.multipliers().get(p).values());
    }
  }

  @Test
  void aModelThatIsOptimalIsRecognizedByItsSlopes() {
    LinearProblem problem = together(new LogisticLoss());
    Cocoa.State state = minimized(problem, 1e-8);
    Cocoa.State again = COCOA.start(problem, state.parameters());
    // the slopes at a point within 1e-8 are off by its root at most, and the dual by its square
    assertTrue(again.gap() < 1e-6, () -> "gap " + again.gap());
  }

  @Test
  void aFeatureWithoutARidgeHasNoDualToClimb() {
    LinearProblem problem = problem(new LogisticLoss(), 0, shards(new LogisticLoss()));
    assertThrows(IllegalArgumentException.class, () -> COCOA.start(problem, problem.prior()));
  }
}
