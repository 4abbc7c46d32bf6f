package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.objective.BatchOrder;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LocalBatches;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.schedule.Constant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gradients of batches, and variance-reduced ones (Johnson and Zhang 2013). */
class EstimateTest {
  private static final int FEATURES = 4;
  private static final int ROWS = 96;
  private static final double RIDGE = 0.05;

  private static LocalBatches logistic() {
    float[] numeric = new float[FEATURES * ROWS];
    double[] labels = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      double margin = 0;
      for (int j = 0; j < FEATURES; j++) {
        double x = CounterRandom.gaussian(1, i, j, 0);
        numeric[j * ROWS + i] = (float) x;
        margin += (j - 1) * x;
      }
      labels[i] = CounterRandom.uniform(2, i, 0, 0) < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
    }
    ColumnBlock rows =
        new ColumnBlock(ROWS, FEATURES, FEATURES, numeric, 0, new int[0], labels, null);
    int[] first = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
    int[] rest = new int[ROWS - first.length];
    Arrays.setAll(rest, k -> k + first.length);
    double[] penalties = new double[FEATURES + 1];
    Arrays.fill(penalties, RIDGE);
    return new LocalBatches(
        List.of(
            Shard.of(List.of(rows.select(first)), FEATURES),
            Shard.of(List.of(rows.select(rest)), FEATURES)),
        new LinearModel(new LogisticLoss(), FEATURES),
        penalties,
        8,
        3);
  }

  private static double fullNorm(LocalBatches objective, Estimate estimate, int steps) {
    Descent descent = new Descent(Optimizers.sgd(new Constant(0.3)), null, estimate);
    Descent.State state = descent.start(objective, new double[FEATURES + 1]);
    for (int k = 0; k < steps; k++) {
      state = descent.next(objective, state);
    }
    return Vectors.norm(objective.evaluateAll(state.parameters()).gradient());
  }

  /**
   * The loss is at most (4 + 1)/4 + 0.05 smooth on average and 0.05 strongly convex: between two
   * anchors 24 steps of 0.3 shrink the distance by at least (1 − 0.3 · 0.05)^24 = 0.7 but for the
   * variance, which shrinks with it, so 120 of them by 1e-18; rounding leaves some 1e-15.
   */
  @Test
  void atAConstantRateItConvergesWhereTheGradientsOfBatchesDoNot() {
    LocalBatches objective = logistic();
    double reduced = fullNorm(objective, new Estimate(24), 24 * 120);
    double plain = fullNorm(objective, Estimate.OF_BATCHES, 24 * 120);
    assertTrue(reduced < 1e-13, "variance-reduced: " + reduced);
    assertTrue(plain > 1e-3, "of batches: " + plain);
  }

  @Test
  void anAnchorHasTheGradientOfAllRowsAndTheNextStepsAreCorrectedByIt() {
    LocalBatches objective = logistic();
    Estimate estimate = new Estimate(5);
    double[] anchor = {0.1, -0.2, 0.3, 0, 0.5};
    Estimate.Made first = estimate.at(objective, Estimate.Anchor.NONE, anchor, 0);
    Evaluation all = objective.evaluateAll(anchor);
    assertArrayEquals(all.gradient(), first.evaluation().gradient());
    double[] moved = {0.2, -0.1, 0.3, 0.1, 0.4};
    Estimate.Made third = estimate.at(objective, first.anchor(), moved, 3);
    Evaluation here = objective.evaluate(moved, 3);
    Evaluation there = objective.evaluate(anchor, 3);
    for (int j = 0; j < moved.length; j++) {
      double expected = here.gradient()[j] - there.gradient()[j] + all.gradient()[j];
      assertEquals(expected, third.evaluation().gradient()[j], 1e-15);
    }
    assertEquals(here.value() - there.value() + all.value(), third.evaluation().value(), 1e-15);
    Estimate.Made fifth = estimate.at(objective, third.anchor(), moved, 5);
    assertArrayEquals(objective.evaluateAll(moved).gradient(), fifth.evaluation().gradient());
  }

  /** Twelve batches of eight rows from 20 and 76: all rows once, so the mean but for rounding. */
  @Test
  void theGradientOfAllRowsIsTheMeanOverAnEpoch() {
    LocalBatches objective = logistic();
    double[] x = {0.1, -0.2, 0.3, 0, 0.5};
    double[] mean = new double[x.length];
    double rows = 0;
    for (long step = 0; step < objective.stepsPerEpoch(); step++) {
      double[] gradient = objective.evaluate(x, step).gradient();
      long in = rowsOf(objective, step);
      rows += in;
      for (int j = 0; j < x.length; j++) {
        mean[j] += in * gradient[j];
      }
    }
    assertEquals(ROWS, rows);
    double[] all = objective.evaluateAll(x).gradient();
    for (int j = 0; j < x.length; j++) {
      assertEquals(mean[j] / rows, all[j], 1e-14);
    }
  }

  /** Partitions are cut into as many runs as there are steps, nearly equal. */
  private static long rowsOf(LocalBatches objective, long step) {
    long runs = objective.stepsPerEpoch();
    long run = BatchOrder.run(3, step, runs);
    return (20 * (run + 1) / runs - 20 * run / runs) + (76 * (run + 1) / runs - 76 * run / runs);
  }
}
