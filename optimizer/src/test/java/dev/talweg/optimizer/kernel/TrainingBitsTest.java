package dev.talweg.optimizer.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.conformance.LinearProblems;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.ProximalQuasiNewton;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalMultinomialPasses;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.MultinomialProblem;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whole trainings have the same bits by every provider: the build runs this once per provider and
 * width of lanes, and the bits are written here.
 */
class TrainingBitsTest {
  private static final int NUMERIC = 5;
  private static final int LEVELS = 3;
  private static final int FEATURES = NUMERIC + 2 * LEVELS;
  private static final double[] NONE = {};

  /** Two partitions of a strip and some rows, which fill no lanes. */
  private static List<Shard> shards(int classes) {
    return List.of(shard(0, Kernels.STRIP + 37, classes), shard(1, Kernels.STRIP + 13, classes));
  }

  private static Shard shard(int partition, int rows, int classes) {
    float[] numeric = new float[NUMERIC * rows];
    int[] ids = new int[2 * rows];
    double[] labels = new double[rows];
    double[] weights = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < NUMERIC; j++) {
        numeric[j * rows + i] = (float) CounterRandom.gaussian(1, partition, i, j);
      }
      ids[i] = NUMERIC + CounterRandom.below(LEVELS, 2, partition, i, 0);
      ids[rows + i] = NUMERIC + LEVELS + CounterRandom.below(LEVELS, 3, partition, i, 0);
      boolean by = CounterRandom.uniform(4, partition, i, 0) < 0.5;
      labels[i] = by && numeric[i] > 0 ? 0 : CounterRandom.below(classes, 5, partition, i, 0);
      weights[i] = 0.5 + i % 3;
    }
    return Shard.of(
        List.of(new ColumnBlock(rows, FEATURES, NUMERIC, numeric, 2, ids, labels, weights)),
        FEATURES);
  }

  private static LinearProblem logistic(double l1) {
    List<Shard> shards = shards(2);
    LogisticLoss loss = new LogisticLoss();
    Penalty penalty = new Penalty(filled(1e-3), filled(l1), NONE, NONE);
    return new LinearProblem(
        new LocalPasses(shards, loss, FEATURES),
        loss,
        LinearProblems.moments(shards, FEATURES),
        penalty);
  }

  private static double[] filled(double value) {
    double[] filled = new double[FEATURES];
    Arrays.fill(filled, value);
    return filled;
  }

  /** A hash of the bits of the parameters after some steps from zeros. */
  private static <F, S extends Minimizer.State> String trained(
      Minimizer<? super F, S> minimizer, F problem, int parameters) {
    S state = minimizer.start(problem, new double[parameters]);
    for (int k = 0; k < 6; k++) {
      state = minimizer.next(problem, state);
      assertEquals("", state.failure());
    }
    long hash = 0;
    for (double parameter : state.parameters()) {
      hash = 31 * hash + Double.doubleToLongBits(parameter);
    }
    return Long.toHexString(hash);
  }

  @Test
  void lbfgsHasTheBitsOfEveryProvider() {
    assertEquals("caf5fff6b8e351a2", trained(new Lbfgs(), logistic(0), FEATURES + 1));
  }

  @Test
  void proximalQuasiNewtonHasTheBitsOfEveryProvider() {
    assertEquals(
        "10350b8b5e572028", trained(new ProximalQuasiNewton(), logistic(1e-3), FEATURES + 1));
  }

  @Test
  void softmaxHasTheBitsOfEveryProvider() {
    assertEquals(
        "c2904a5dcf44c70c",
        trained(new Lbfgs(), softmax(Penalty.ridge(filled(1e-3))), 3 * (FEATURES + 1)));
  }

  @Test
  void proximalQuasiNewtonOfClassesHasTheBitsOfEveryProvider() {
    Penalty penalty = new Penalty(filled(1e-3), filled(1e-3), NONE, NONE);
    assertEquals(
        "f032f2c75036efc8",
        trained(new ProximalQuasiNewton(), softmax(penalty), 3 * (FEATURES + 1)));
  }

  private static MultinomialProblem softmax(Penalty penalty) {
    List<Shard> shards = shards(3);
    return new MultinomialProblem(
        new LocalMultinomialPasses(shards, new SoftmaxLoss(3), FEATURES),
        penalty,
        shards.stream().mapToLong(Shard::rows).sum(),
        Double.POSITIVE_INFINITY);
  }
}
