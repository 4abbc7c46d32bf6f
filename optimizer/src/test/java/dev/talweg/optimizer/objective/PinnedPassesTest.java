package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.minimizer.Cocoa;
import dev.talweg.optimizer.minimizer.Iterations;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.ProximalQuasiNewton;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.stopping.GapBelow;
import dev.talweg.optimizer.stopping.MaxIterations;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The oracle: of rows (x, y) and, beside each, (−x, 1 − y), the logistic objective is even in the
 * intercept, so a free one ends at zero, and the mean loss of both is that of the first through the
 * origin.
 */
class PinnedPassesTest {
  private static final int ROWS = 200;
  private static final int FEATURES = 4;
  private static final LogisticLoss LOSS = new LogisticLoss();
  private static final double GAP = 1e-12;

  private static Shard rows(boolean mirrored) {
    int times = mirrored ? 2 : 1;
    int[] starts = new int[times * ROWS + 1];
    int[] indices = new int[times * ROWS * FEATURES];
    float[] values = new float[indices.length];
    double[] labels = new double[times * ROWS];
    for (int i = 0; i < times * ROWS; i++) {
      int row = i / times;
      float sign = i % times == 0 ? 1 : -1;
      for (int j = 0; j < FEATURES; j++) {
        indices[i * FEATURES + j] = j;
        values[i * FEATURES + j] = sign * (float) (j + CounterRandom.gaussian(5, row, j, 0));
      }
      boolean positive = CounterRandom.uniform(6, row, 0, 0) < 0.7;
      labels[i] = positive == (sign > 0) ? 1 : 0;
      starts[i + 1] = (i + 1) * FEATURES;
    }
    return Shard.of(
        List.of(new CsrBlock(FEATURES, starts, indices, values, labels, null, null)), FEATURES);
  }

  private static LinearProblem problem(Shard shard, LinearPasses passes, Penalty penalty) {
    OrderedSum sum = new OrderedSum(3 * FEATURES + PartitionPasses.MOMENTS);
    sum.add(0, PartitionPasses.moments(shard));
    return new LinearProblem(passes, LOSS, Moments.of(sum.total()), penalty);
  }

  private static LinearProblem mirrored(Penalty penalty) {
    Shard shard = rows(true);
    return problem(shard, new LocalPasses(List.of(shard), LOSS, FEATURES), penalty);
  }

  private static LinearProblem pinned(Penalty penalty, boolean... weights) {
    Shard shard = rows(false);
    LinearPasses passes = new LocalPasses(List.of(shard), LOSS, FEATURES);
    return problem(shard, new PinnedPasses(passes, weights), penalty);
  }

  private static <F, S extends Minimizer.State> S minimum(Minimizer<F, S> minimizer, F problem) {
    return new Iterations<>(
            minimizer,
            problem,
            minimizer.start(problem, new double[FEATURES + 1]),
            new GapBelow(GAP).or(new MaxIterations(100)))
        .last()
        .state();
  }

  private static Penalty ridge() {
    double[] l2 = new double[FEATURES];
    Arrays.fill(l2, 0.01);
    return Penalty.ridge(l2);
  }

  private static Penalty elasticNet() {
    double[] l1 = new double[FEATURES];
    Arrays.fill(l1, 0.02);
    return new Penalty(ridge().l2(), l1, new double[0], new double[0]);
  }

  @Test
  void aModelThroughTheOriginIsThatOfMirroredRows() {
    Lbfgs.State pinned = minimum(new Lbfgs(), pinned(ridge(), false, false, false, false));
    Lbfgs.State mirrored = minimum(new Lbfgs(), mirrored(ridge()));
    assertTrue(pinned.gap() <= GAP, "a gap of " + pinned.gap());
    assertEquals(0, pinned.parameters()[FEATURES]);
    assertNear(mirrored, pinned);
  }

  @Test
  void soItIsWithAnElasticNet() {
    ProximalQuasiNewton method = new ProximalQuasiNewton();
    ProximalQuasiNewton.State pinned =
        minimum(method, pinned(elasticNet(), false, false, false, false));
    ProximalQuasiNewton.State mirrored = minimum(method, mirrored(elasticNet()));
    assertTrue(pinned.gap() <= GAP, "a gap of " + pinned.gap());
    assertEquals(0, pinned.parameters()[FEATURES]);
    assertNear(mirrored, pinned);
  }

  /** Two points within a relative gap g of a minimum f of strong convexity λ: √(8 g f/λ) apart. */
  private static void assertNear(Minimizer.State expected, Minimizer.State actual) {
    assertEquals(expected.value(), actual.value(), 2 * GAP * expected.value());
    double tolerance = Math.sqrt(8 * GAP * expected.value() / 0.01);
    assertArrayEquals(
        Arrays.copyOf(expected.parameters(), FEATURES),
        Arrays.copyOf(actual.parameters(), FEATURES),
        tolerance);
  }

  @Test
  void aPinnedWeightStaysAtZeroAndTheRestIsCertified() {
    LinearProblem problem = pinned(ridge(), false, true, false, false);
    Lbfgs.State state = minimum(new Lbfgs(), problem);
    assertEquals(0, state.parameters()[1]);
    assertTrue(state.parameters()[3] != 0, "the others move");
    assertTrue(state.gap() <= GAP, "a gap of " + state.gap());
    LinearObjective.Certificate found = problem.certify(state.parameters()).orElseThrow();
    assertTrue(found.relativeGap() <= 10 * GAP, found.toString());
    assertTrue(found.relativeGap() >= -1e-14, "a bound above the value: " + found);
  }

  @Test
  void dualAscentThroughTheOriginHasNoConstraint() {
    LinearProblem problem = pinned(ridge(), false, false, false, false);
    Cocoa.State ascended = minimum(new Cocoa(20, 0), problem);
    assertEquals(0, ascended.parameters()[FEATURES]);
    assertTrue(ascended.gap() <= GAP, "a gap of " + ascended.gap());
    assertNear(minimum(new Lbfgs(), mirrored(ridge())), ascended);
  }

  @Test
  void anOnlinePassLeavesTheInterceptAtZero() {
    LinearProblem problem = pinned(ridge(), false, false, false, false);
    double[] moved = problem.online(new double[FEATURES + 1], 0.5);
    assertEquals(0, moved[FEATURES]);
    assertTrue(moved[0] != 0, "the weights move");
  }

  @Test
  void aSampledBlockIsNotCentred() {
    LinearProblem problem = pinned(ridge(), false, false, false, false);
    int some = FEATURES - 1;
    LinearObjective.Curvature curvature = problem.curvature(new double[FEATURES + 1], some);
    assertEquals(some, curvature.block().length);
    assertArrayEquals(new double[FEATURES], curvature.means());
    Lbfgs.State state = minimum(new Lbfgs(10, 5, some, 0), problem);
    assertEquals(0, state.parameters()[FEATURES]);
    assertNear(minimum(new Lbfgs(), mirrored(ridge())), state);
  }

  @Test
  void whatGoesRowByRowKnowsNoPinnedWeights() {
    LinearProblem problem = pinned(ridge(), false, true, false, false);
    double[] origin = new double[FEATURES + 1];
    assertThrows(UnsupportedOperationException.class, () -> problem.online(origin, 0.5));
    assertThrows(UnsupportedOperationException.class, () -> new Cocoa(1, 0).start(problem, origin));
  }

  @Test
  void theStartIsTheOrigin() {
    assertArrayEquals(
        new double[FEATURES + 1], pinned(ridge(), false, false, false, false).prior());
  }
}
