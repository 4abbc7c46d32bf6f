package dev.talweg.optimizer.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.model.Sweep;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LocalBatches;
import dev.talweg.optimizer.objective.PartitionBatches;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Statistics are those of the batch, wherever its rows lie. */
class BatchNormTest {
  private static final int FEATURES = 4;
  private static final int ROWS = 300;

  private static Block block(int from, int until, double @Nullable [] weights) {
    int rows = until - from;
    float[] numeric = new float[FEATURES * rows];
    double[] labels = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < FEATURES; j++) {
        numeric[j * rows + i] = (float) (3 * j + CounterRandom.gaussian(1, from + i, j, 0));
      }
      labels[i] = CounterRandom.below(3, 5, from + i, 0, 0);
    }
    double @Nullable [] own = weights == null ? null : Arrays.copyOfRange(weights, from, until);
    return new ColumnBlock(rows, FEATURES, FEATURES, numeric, 0, new int[0], labels, own);
  }

  /** The rows in partitions that end where said. */
  private static List<Shard> shards(double @Nullable [] weights, int... ends) {
    List<Shard> shards = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      shards.add(Shard.of(end == from ? List.of() : List.of(block(from, end, weights)), FEATURES));
      from = end;
    }
    return shards;
  }

  private static Perceptron net(Norm norm, double dropout) {
    Architecture layers =
        new Architecture(List.of(6, 5), new Tanh(), norm, dropout, Initializer.GLOROT);
    return new Perceptron(FEATURES, layers, new Head.OfClasses(new SoftmaxLoss(3), 0));
  }

  private static LocalBatches batches(Perceptron net, List<Shard> shards, long batch) {
    return new LocalBatches(shards, net, new double[net.layout().dimension()], batch, 3);
  }

  @Test
  void aBatchInThreePartitionsIsTheBatchInOne() {
    Perceptron net = net(Norm.BATCH, 0);
    double[] parameters = net.initial(2);
    Evaluation one = batches(net, shards(null, ROWS), ROWS).evaluate(parameters, 0);
    Evaluation three = batches(net, shards(null, 60, 60, 131, ROWS), ROWS).evaluate(parameters, 0);
    // sums of 300 terms near 1, in another order, through six layers
    assertEquals(one.value(), three.value(), 1e-13);
    assertArrayEquals(one.gradient(), three.gradient(), 1e-13);
    Evaluation other =
        batches(net(Norm.NONE, 0), shards(null, ROWS), ROWS)
            .evaluate(net(Norm.NONE, 0).initial(2), 0);
    assertNotEquals(other.value(), one.value(), 1e-3);
  }

  @Test
  void aRowOfWeightTwoIsTwoRows() {
    Perceptron net = net(Norm.BATCH, 0);
    double[] parameters = net.initial(2);
    double[] weights = new double[ROWS];
    Arrays.fill(weights, 1);
    Arrays.fill(weights, 0, 60, 2);
    Evaluation weighted = batches(net, shards(weights, ROWS), ROWS).evaluate(parameters, 0);
    List<Shard> twice =
        List.of(Shard.of(List.of(block(0, ROWS, null), block(0, 60, null)), FEATURES));
    Evaluation doubled = batches(net, twice, 2 * ROWS).evaluate(parameters, 0);
    assertEquals(doubled.value(), weighted.value(), 1e-13);
    for (Slice slice : net.layout().slices()) {
      for (int k = slice.from(); k < slice.from() + slice.length(); k++) {
        // of running variances n differs: 360 rows, (Σω)²/Σω² = 270; 0.1 of n/(n − 1)
        double tolerance = slice.name().endsWith("variances") ? 2e-3 : 1e-13;
        assertEquals(doubled.gradient()[k], weighted.gradient()[k], tolerance, slice.name());
      }
    }
  }

  /** As a driver has it: one forward, kept from round to round; against one made anew for each. */
  @ParameterizedTest
  @EnumSource(
      value = Norm.class,
      names = {"NONE", "BATCH", "BATCH_CUMULATIVE", "BATCH_OF_KERAS"})
  void goingOnHasTheBitsOfGoingThereAgain(Norm norm) {
    goingOnIsGoingThereAgain(net(norm, 0.3), shards(null, 60, 60, 131, ROWS), 150);
  }

  /** 66 tiles in the second partition, which are not kept. */
  @Test
  void manyTilesGoThereAgainInEachRound() {
    goingOnIsGoingThereAgain(net(Norm.BATCH, 0.3), shards(null, 60, 4260), 4260);
  }

  private static void goingOnIsGoingThereAgain(Perceptron net, List<Shard> shards, long rows) {
    double[] parameters = net.initial(2);
    double[] penalties = new double[parameters.length];
    LocalBatches anew = batches(net, shards, rows);
    List<Sweep> sweeps = IntStream.range(0, shards.size()).mapToObj(p -> net.sweep()).toList();
    for (long step = 0; step < 3; step++) {
      PartitionBatches.Batch batch = new PartitionBatches.Batch(3, step, anew.stepsPerEpoch());
      for (int p = 0; p < shards.size(); p++) {
        PartitionBatches.Rows some = PartitionBatches.rows(shards.get(p), batch);
        PartitionBatches.take(sweeps.get(p), some, p, parameters, batch);
      }
      List<double[]> known = PartitionBatches.advance(net, sweeps);
      Evaluation found =
          PartitionBatches.evaluation(
              sweeps.stream().map(Sweep::sums).toList(), parameters, penalties);
      net.settle(known, parameters, found.gradient());
      Evaluation expected = anew.evaluate(parameters, step);
      assertEquals(expected.value(), found.value());
      assertArrayEquals(expected.gradient(), found.gradient());
    }
  }

  @Test
  void runningStatisticsBecomeThoseOfTheDataWhateverTheRuleDoes() {
    Perceptron net = net(Norm.BATCH, 0);
    // nothing moves but by decay, which must not act on what runs
    Descent still = new Descent(new AddDecayedWeights(0.5).then(Optimizers.sgd(new Constant(0))));
    LocalBatches all = batches(net, shards(null, 131, ROWS), ROWS);
    double[] parameters = net.initial(2);
    Descent.State state = still.start(all, parameters);
    for (int step = 0; step < 400; step++) {
      state = still.next(all, state);
    }
    Evaluation settled = all.evaluate(state.parameters(), 400);
    for (Slice slice : net.layout().slices()) {
      for (int k = slice.from(); k < slice.from() + slice.length(); k++) {
        if (net.buffers().contains(slice)) { // 0.9⁴⁰⁰ is below the last bit of what they were
          double value = state.parameters()[k];
          assertEquals(settled.gradient()[k], value, 1e-13 * Math.abs(value), slice.name());
        } else {
          assertEquals(parameters[k], state.parameters()[k], slice.name());
        }
      }
    }
    double[] trained = new double[3 * ROWS];
    net.predict(block(0, ROWS, null), 0, ROWS, state.parameters(), trained);
    double loss = new SoftmaxLoss(3).value(trained, block(0, ROWS, null).labels(), null, ROWS);
    // in inference with variances by n − 1: 1/600 of the units' scale in each of two layers
    assertEquals(settled.value(), loss / ROWS, 5e-3);
  }

  @Test
  void whatRunsIsInTheState() {
    Perceptron net = net(Norm.BATCH, 0.2);
    Descent.State on =
        Resumed.isTheRunThatWentOn(net, batches(net, shards(null, 60, 131, ROWS), 64));
    Slice variances = net.buffers().get(1);
    double[] slice =
        Arrays.copyOfRange(
            on.parameters(), variances.from(), variances.from() + variances.length());
    assertNotEquals(1, Arrays.stream(slice).max().orElseThrow());
  }
}
