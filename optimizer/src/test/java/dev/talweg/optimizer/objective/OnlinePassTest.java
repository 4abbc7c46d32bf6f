package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.conformance.LinearProblems;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.minimizer.Iterations;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.stopping.GapBelow;
import dev.talweg.optimizer.stopping.MaxIterations;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnlinePassTest {
  private static final LogisticLoss LOGISTIC = new LogisticLoss();
  private static final int FEATURES = 8;
  private static final int ROWS = 1000;

  /** Rows of a logistic model; feature j is so many times what it would be. */
  private static CsrBlock block(int rows, float scale, int dimension, int first) {
    int[] starts = new int[rows + 1];
    int[] indices = new int[rows * FEATURES];
    float[] values = new float[rows * FEATURES];
    double[] labels = new double[rows];
    double[] weights = new double[rows];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      double margin = -0.5;
      for (int j = 0; j < FEATURES; j++) {
        if (CounterRandom.below(2, 1, first + i, j, 0) == 0) {
          float x = (float) CounterRandom.gaussian(2, first + i, j, 0);
          indices[count] = j * (dimension / FEATURES);
          values[count++] = scale * x;
          margin += (j % 2 == 0 ? 1 : -0.7) * x;
        }
      }
      starts[i + 1] = count;
      labels[i] = CounterRandom.uniform(3, first + i, 0, 0) < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
      weights[i] = i % 5 == 0 ? 0 : 1 + i % 2;
    }
    return new CsrBlock(dimension, starts, indices, values, labels, weights);
  }

  private static Shard shard(float scale) {
    return Shard.of(List.of(block(ROWS, scale, FEATURES, 0)), FEATURES);
  }

  private static LinearProblem problem(List<Shard> shards, double l2) {
    Moments moments = LinearProblems.moments(shards, FEATURES);
    double[] penalties = new double[FEATURES];
    Arrays.fill(penalties, l2);
    return new LinearProblem(
        new LocalPasses(shards, LOGISTIC, FEATURES), LOGISTIC, moments, penalties);
  }

  private static List<Shard> shards() {
    return List.of(
        Shard.of(List.of(block(ROWS, 1, FEATURES, 0)), FEATURES),
        Shard.of(List.of(block(ROWS / 2, 1, FEATURES, ROWS)), FEATURES));
  }

  /** Of one row the first step is the rate by the sign, and the ridge takes its share of it. */
  @Test
  void aRowMovesItsWeightsByTheRateAndTheRidgeTakesItsShare() {
    CsrBlock row =
        new CsrBlock(2, new int[] {0, 1}, new int[] {1}, new float[] {-4}, new double[] {1}, null);
    OnlinePass pass = new OnlinePass(new double[] {7, 0, 0}, 0.25, Intercept.FREE);
    double[] sums = new double[6];
    pass.over(Shard.of(List.of(row), 2), 0, LOGISTIC).addTo(sums);
    double slope = -0.5; // σ(0) − 1
    double square = 16 * slope * slope;
    assertArrayEquals(
        new double[] {0, square * -0.25 / 4, 0, square, slope * slope * 0.25, slope * slope}, sums);
    double[] merged = pass.merged(sums, new double[] {3, 0.5}, 10);
    assertEquals(7, merged[0], "no row has it");
    assertEquals(-0.0625 * square / (square + 5), merged[1]);
    assertEquals(0.25, merged[2]);
  }

  /** The way from where the pass began shrinks by what the largest value grows. */
  @Test
  void aLargerValueShortensTheWaySoFar() {
    Shard one = sizes(1, 4);
    Shard other = sizes(4, 1); // one of the two begins with the smaller value
    double[] start = {-0.5, 0};
    double first = 1 / (1 + Math.exp(0.5)) - 1;
    double second = 1 / (1 + Math.exp(4 * 0.25 - 0.25)) - 1;
    double squares = first * first + 16 * second * second;
    double w = -0.5 + 0.25 / 4 - 0.25 * second / Math.sqrt(squares);
    double[] found = new double[2];
    for (int k = 0; k < 2; k++) {
      double[] sums = new double[4];
      new OnlinePass(start, 0.25, Intercept.FREE)
          .over(k == 0 ? one : other, 0, LOGISTIC)
          .addTo(sums);
      found[k] = start[0] + sums[0] / sums[1];
    }
    // some five operations on numbers below 1
    assertEquals(w, Math.abs(found[0] - w) < Math.abs(found[1] - w) ? found[0] : found[1], 1e-15);
  }

  private static Shard sizes(float first, float second) {
    float[] values = {first, second};
    return Shard.of(
        List.of(
            new CsrBlock(
                1, new int[] {0, 1, 2}, new int[] {0, 0}, values, new double[] {1, 1}, null)),
        1);
  }

  /** A factor of 2¹⁰ is exact in floats and doubles. */
  @Test
  void noScaleOfAFeatureMatters() {
    double[] weights = new double[FEATURES + 1];
    double[] small = new double[FEATURES + 1];
    for (int j = 0; j < FEATURES; j++) {
      weights[j] = 0.1 * j - 0.3;
      small[j] = weights[j] / 1024;
    }
    double[] plain = new double[2 * FEATURES + 2];
    double[] large = new double[2 * FEATURES + 2];
    new OnlinePass(weights, 0.5, Intercept.FREE).over(shard(1), 3, LOGISTIC).addTo(plain);
    new OnlinePass(small, 0.5, Intercept.FREE).over(shard(1024), 3, LOGISTIC).addTo(large);
    for (int j = 0; j < FEATURES; j++) {
      assertTrue(plain[j] != 0, "feature " + j);
      assertEquals(1024 * plain[j], large[j], "feature " + j); // G of 2²⁰ times, w of 2⁻¹⁰
    }
    assertEquals(plain[2 * FEATURES], large[2 * FEATURES]);
  }

  @Test
  void featuresThatAreNumberedAnewGiveTheSameBits() {
    int dimension = 16_000;
    Block block = block(ROWS, 1, dimension, 0);
    OnlinePass pass = new OnlinePass(new double[dimension + 1], 0.5, Intercept.FREE);
    double[] plain = new double[2 * dimension + 2];
    double[] compact = new double[2 * dimension + 2];
    pass.over(Shard.of(List.of(block), dimension), 0, LOGISTIC).addTo(plain);
    Shard numbered = Shard.compact(List.of(block), dimension);
    assertEquals(FEATURES, numbered.width());
    pass.over(numbered, 0, LOGISTIC).addTo(compact);
    assertArrayEquals(plain, compact);
  }

  @Test
  void itGoesMostOfTheWayToTheOptimum() {
    LinearProblem problem = problem(shards(), 0.01);
    double[] start = problem.prior();
    double optimum =
        new Iterations<>(
                new Lbfgs(),
                problem,
                new Lbfgs().start(problem, start),
                new GapBelow(1e-9).or(new MaxIterations(50)))
            .last()
            .state()
            .value();
    double before = problem.value(start) - optimum;
    double after = problem.value(problem.online(start, 0.5)) - optimum;
    assertTrue(before > 0.1, before + " is to go");
    assertTrue(after < 0.1 * before, after + " of " + before + " is left");
  }

  @Test
  void whereItIsWorseTheStartIsKept() {
    LinearProblem problem = problem(shards(), 0.01);
    double[] start = problem.prior();
    assertSame(start, problem.online(start, 1e3));
  }
}
