package dev.talweg.jobs.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.jobs.cluster.ClusterBatches.Room;
import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.LocalDescent;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.Owlqn;
import dev.talweg.optimizer.minimizer.ProximalQuasiNewton;
import dev.talweg.optimizer.minimizer.RayMinimizer;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.Cell;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.net.Recurrent;
import dev.talweg.optimizer.net.Relu;
import dev.talweg.optimizer.objective.ClassSlopes;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LocalBatches;
import dev.talweg.optimizer.objective.LocalMultinomialPasses;
import dev.talweg.optimizer.objective.LocalRound;
import dev.talweg.optimizer.objective.MultinomialPasses;
import dev.talweg.optimizer.objective.MultinomialPasses.RowWeight;
import dev.talweg.optimizer.objective.MultinomialProblem;
import dev.talweg.optimizer.objective.PartitionBatches;
import dev.talweg.optimizer.objective.PartitionBatches.Batch;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.Wire;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Freeze;
import dev.talweg.optimizer.transform.Momentum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterMultinomialPassesTest {
  private static final int FEATURES = 7;
  private static final int CLASSES = 4;
  private static final SoftmaxLoss LOSS = new SoftmaxLoss(CLASSES);
  private static final Shard NONE = Shard.of(List.of(), FEATURES);

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  }

  /** Partitions of different sizes; the second one empty, the first without class 3. */
  private static List<PartitionBlocks> partitions(int count) {
    Random random = new Random(4);
    List<PartitionBlocks> partitions = new ArrayList<>();
    for (int p = 0; p < count; p++) {
      List<Block> blocks = new ArrayList<>();
      for (int k = 0; k < (p == 1 ? 0 : 2); k++) {
        blocks.add(block(random, 10 + 7 * p + k, p == 0 && count > 1 ? CLASSES - 1 : CLASSES));
      }
      partitions.add(new PartitionBlocks(p, Shard.of(blocks, FEATURES), NONE, NONE));
    }
    return partitions;
  }

  private static Block block(Random random, int rows, int classes) {
    float[] numeric = new float[rows * 3];
    int[] ids = new int[rows * 2];
    double[] labels = new double[rows];
    double[] weights = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 3; j++) {
        numeric[j * rows + i] = (float) random.nextGaussian();
      }
      ids[i] = 3 + random.nextInt(2);
      ids[rows + i] = random.nextInt(3) == 0 ? -1 : 5 + random.nextInt(2);
      labels[i] = random.nextInt(classes);
      weights[i] = random.nextDouble();
    }
    return new ColumnBlock(rows, FEATURES, 3, numeric, 2, ids, labels, weights);
  }

  private static JavaRDD<PartitionBlocks> distributed(List<PartitionBlocks> partitions) {
    return context().parallelize(partitions, partitions.size()).cache();
  }

  private static List<Shard> shards(List<PartitionBlocks> partitions) {
    return partitions.stream().map(PartitionBlocks::train).toList();
  }

  private static LocalMultinomialPasses local(List<PartitionBlocks> partitions) {
    return local(partitions, Wire.DOUBLE);
  }

  private static LocalMultinomialPasses local(List<PartitionBlocks> partitions, Wire wire) {
    return new LocalMultinomialPasses(shards(partitions), LOSS, FEATURES, wire);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyPassHasTheBitsOfTheLocalOne(int count) {
    List<PartitionBlocks> partitions = partitions(count);
    try (ClusterMultinomialPasses cluster =
        new ClusterMultinomialPasses(distributed(partitions), LOSS, FEATURES, FEATURES)) {
      compare(local(partitions), cluster);
    }
  }

  @ParameterizedTest
  @EnumSource
  void slicesSummedOnExecutorsHaveTheSameBits(Wire wire) {
    List<PartitionBlocks> partitions = partitions(5);
    try (ClusterMultinomialPasses cluster =
        new ClusterMultinomialPasses(
            distributed(partitions), LOSS, FEATURES, 1, wire, new OrderedReduction(0))) {
      compare(local(partitions, wire), cluster);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTravelsHasTheSameBitsAndFloatsHalfTheBytes(Wire wire) {
    List<PartitionBlocks> partitions = partitions(4);
    try (ClusterMultinomialPasses cluster =
        new ClusterMultinomialPasses(distributed(partitions), LOSS, FEATURES, FEATURES, wire)) {
      compare(local(partitions, wire), cluster);
      long before = cluster.bytesReduced();
      cluster.evaluate(new double[(FEATURES + 1) * CLASSES]);
      int size = wire == Wire.FLOAT ? Float.BYTES : Double.BYTES;
      assertEquals(
          4L * (size * FEATURES * CLASSES + 8 * (CLASSES + 1)), cluster.bytesReduced() - before);
    }
  }

  private static void compare(MultinomialPasses local, MultinomialPasses cluster) {
    Random random = new Random(9);
    int parameters = (FEATURES + 1) * CLASSES;
    double[] w = random.doubles(parameters, -1, 1).toArray();
    double[] p = random.doubles(parameters, -1, 1).toArray();
    double[] b = random.doubles(CLASSES, -1, 1).toArray();
    assertArrayEquals(local.classWeights(), cluster.classWeights());
    assertArrayEquals(local.evaluate(w), cluster.evaluate(w));
    same(local.project(p, 1, b), cluster.project(p, 1, b));
    same(local.slopes(0.3, b), cluster.slopes(0.3, b));
    assertArrayEquals(local.move(0.7, b), cluster.move(0.7, b));
    same(local.slopes(0.4, b), cluster.slopes(0.4, b)); // a move is tentative
    assertArrayEquals(local.move(0.6, b), cluster.move(0.6, b));
    same(local.interceptSlopes(b), cluster.interceptSlopes(b));
    for (RowWeight weight : RowWeight.values()) {
      assertArrayEquals(local.gram(1, weight), cluster.gram(1, weight));
      assertArrayEquals(local.gram(3, weight), cluster.gram(3, weight));
    }
    assertArrayEquals(local.squares(), cluster.squares());
    same(local.project(w, 1, b), cluster.project(w, 1, b)); // the next ray makes it final
    double[] kept = {1, 0.9, 0.8, 1};
    double[] shares = {0.5, 0, 0, 0.5};
    assertArrayEquals(local.dual(b, kept, shares), cluster.dual(b, kept, shares));
  }

  private static void same(ClassSlopes one, ClassSlopes other) {
    assertEquals(one.value(), other.value());
    assertEquals(one.alpha(), other.alpha());
    assertEquals(one.alphaAlpha(), other.alphaAlpha());
    assertArrayEquals(one.shifts(), other.shifts());
    assertArrayEquals(one.alphaShifts(), other.alphaShifts());
    assertArrayEquals(one.block(), other.block());
  }

  @Test
  void aWholeTrainingHasTheSameBitsLocallyAndDistributedAndAfterExecutorsWereLost() {
    trainsTheSame(new Lbfgs(), Penalty.ridge(filled(1e-3)));
    trainsTheSame(
        new ProximalQuasiNewton(),
        new Penalty(filled(1e-3), filled(1e-3), filled(-0.1), filled(0.2)));
    trainsTheSame(
        new Owlqn(), new Penalty(filled(1e-3), filled(1e-3), new double[0], new double[0]));
  }

  private static double[] filled(double value) {
    double[] filled = new double[FEATURES];
    Arrays.fill(filled, value);
    return filled;
  }

  private static <S extends Minimizer.State> void trainsTheSame(
      RayMinimizer<S> minimizer, Penalty penalty) {
    List<PartitionBlocks> partitions = partitions(4);
    long rows = shards(partitions).stream().mapToLong(Shard::rows).sum();
    double gap = Double.POSITIVE_INFINITY;
    try (ClusterMultinomialPasses cluster =
        new ClusterMultinomialPasses(distributed(partitions), LOSS, FEATURES, FEATURES)) {
      MultinomialProblem one = new MultinomialProblem(local(partitions), penalty, rows, gap);
      MultinomialProblem other = new MultinomialProblem(cluster, penalty, rows, gap);
      S here = minimizer.start(one, one.prior());
      S there = minimizer.start(other, other.prior());
      for (int k = 0; k < 9 && here.failure().isEmpty(); k++) {
        here = minimizer.next(one, here);
        there = minimizer.next(other, there);
        assertEquals(here.gap(), there.gap());
        assertArrayEquals(here.parameters(), there.parameters(), "step " + here.step());
        if (k % 3 == 0) {
          context()
              .getPersistentRDDs()
              .forEach(
                  (id, rdd) -> context().sc().env().blockManager().master().removeRdd(id, true));
        }
      }
      assertTrue(here.step() >= 5, "steps were compared");
      assertEquals(one.certify(here.parameters()), other.certify(there.parameters()));
    }
  }

  private static Architecture over(Norm norm) {
    return new Architecture(List.of(6, 5), new Relu(), norm, 0.2, Initializer.HE);
  }

  static Stream<Model> models() {
    Architecture units =
        new Architecture(List.of(20), new Relu(), Norm.NONE, 0.5, Initializer.HE); // drops by row
    return Stream.of(
        new SoftmaxModel(LOSS, FEATURES),
        new Perceptron(FEATURES, units, new Head.OfClasses(LOSS, 0)),
        new Perceptron(FEATURES, over(Norm.BATCH), new Head.OfClasses(LOSS, 0)),
        new Recurrent(FEATURES, 1, 4, Cell.GRU, 0.2, new Head.OfClasses(LOSS, 0)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void batchesHaveTheBitsOfLocalOnesWhoeverSumsThem(Model model) throws TimeoutException {
    List<PartitionBlocks> partitions = partitions(3);
    double[] penalties = new double[model.layout().dimension()];
    Arrays.fill(penalties, 0, FEATURES * CLASSES, 1e-2);
    List<Shard> shards = shards(partitions);
    long rows = shards.stream().mapToLong(Shard::rows).sum();
    LocalBatches local = new LocalBatches(shards, model, penalties, 10, 3);
    long bytes = 0; // of a batch
    for (Shard shard : shards) {
      bytes += PartitionBatches.rows(shard, new Batch(3, 0, local.stepsPerEpoch())).bytes();
    }
    Map<Room, Integer> jobsOf = // one for the size, then one a window
        Map.of(
            Room.NONE,
            8 * (1 + model.rounds()),
            new Room(2 * bytes, 0, 0),
            1 + 5,
            new Room(2 * bytes, Long.MAX_VALUE, 0),
            1 + 4,
            new Room(Long.MAX_VALUE, Long.MAX_VALUE, 0),
            1 + 1,
            Room.ofHeap(context()),
            1 + 1);
    for (Room room : jobsOf.keySet()) {
      String group = "batches of " + model + " in " + room;
      context().setJobGroup(group, group);
      ClusterBatches cluster =
          new ClusterBatches(distributed(partitions), model, penalties, rows, 10, 3, room);
      double[] w = new Random(2).doubles(penalties.length, -1, 1).toArray();
      for (long step : new long[] {0, 1, 2, 3, 4, 700, 701, 2}) {
        assertArrayEquals(
            local.evaluate(w, step).gradient(), cluster.evaluate(w, step).gradient(), "" + step);
      }
      Evaluation all = cluster.evaluateAll(w);
      assertArrayEquals(local.evaluateAll(w).gradient(), all.gradient());
      assertEquals(local.evaluateAll(w).value(), all.value());
      context().sc().listenerBus().waitUntilEmpty();
      int jobs = context().statusTracker().getJobIdsForGroup(group).length;
      int whole = 1 + model.rounds(); // of all rows
      assertEquals(whole + jobsOf.get(room), jobs, room.toString());
    }
    context().clearJobGroup();
  }

  @Test
  void batchesOfFewerRowsThanPartitionsDoNotBringAllRowsToTheDriver() {
    List<PartitionBlocks> partitions = partitions(3);
    Model model = new SoftmaxModel(LOSS, FEATURES);
    double[] none = new double[model.layout().dimension()];
    long rows = shards(partitions).stream().mapToLong(Shard::rows).sum();
    long all = shards(partitions).stream().mapToLong(Shard::bytes).sum();
    Room little = new Room(all / 4, all / 4, 0);
    ClusterBatches cluster =
        new ClusterBatches(distributed(partitions), model, none, rows, 1, 3, little);
    cluster.evaluate(none, 0); // the first batch has no row
    assertTrue(cluster.bytesReduced() < all, cluster.bytesReduced() + " of " + all);
  }

  @ParameterizedTest
  @MethodSource("models")
  void roundsOfLocalStepsHaveTheBitsOfLocalOnes(Model model) {
    List<PartitionBlocks> partitions = partitions(3);
    double[] penalties = new double[model.layout().dimension()];
    Arrays.fill(penalties, 0, FEATURES * CLASSES, 1e-2);
    List<Shard> shards = shards(partitions);
    long rows = shards.stream().mapToLong(Shard::rows).sum();
    LocalBatches local = new LocalBatches(shards, model, penalties, 10, 3);
    ClusterBatches cluster =
        new ClusterBatches(distributed(partitions), model, penalties, rows, 10, 3);
    LocalDescent descent =
        new LocalDescent(
            Chain.of(
                List.of(new Freeze(List.of("layer-1.*"), Optimizers.adam(new Constant(0.01))))),
            new LocalDescent.Rounds(4, 0),
            LocalRound.Weighting.ADAPTIVE,
            LocalDescent.Memory.AVERAGED,
            Optimizers.momentum(new Constant(0.7), 0.9, Momentum.Form.NESTEROV));
    double[] start = new Random(2).doubles(penalties.length, -1, 1).toArray();
    LocalDescent.State here = descent.start(local, start);
    LocalDescent.State there = descent.start(cluster, start);
    for (int k = 0; k < 5; k++) {
      here = descent.next(local, here);
      there = descent.next(cluster, there);
      assertArrayEquals(here.parameters(), there.parameters(), "round " + here.step());
      assertEquals(here.value(), there.value());
    }
    double[] far = Arrays.stream(start).map(x -> 1e200 * x).toArray();
    assertEquals(local.notFinite(far, 0), cluster.notFinite(far, 0));
    assertFalse(cluster.notFinite(far, 0).isEmpty());
    assertEquals(List.of(), cluster.notFinite(start, 0));
  }
}
