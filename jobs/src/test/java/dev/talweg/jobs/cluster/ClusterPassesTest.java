package dev.talweg.jobs.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.conformance.Settled;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.minimizer.LinearMinimizer;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.Owlqn;
import dev.talweg.optimizer.minimizer.ProximalQuasiNewton;
import dev.talweg.optimizer.minimizer.RayMinimizer;
import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.objective.LinearPasses;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterPassesTest {
  private static final PointwiseLoss LOSS = new LogisticLoss();
  private static final int FEATURES = 7;
  private static final Shard NONE = Shard.of(List.of(), FEATURES);

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  }

  /** What the label of the next row of a partition is. */
  private interface Labels {
    double of(Random random, int partition);
  }

  private static List<PartitionBlocks> partitions(int count) {
    return partitions(count, (random, partition) -> random.nextInt(2));
  }

  /** Partitions of different sizes, the second one empty where there is one. */
  private static List<PartitionBlocks> partitions(int count, Labels labels) {
    Random random = new Random(4);
    List<PartitionBlocks> partitions = new ArrayList<>();
    for (int p = 0; p < count; p++) {
      List<Block> blocks = new ArrayList<>();
      for (int k = 0; k < (p == 1 ? 0 : 2); k++) {
        int partition = p;
        blocks.add(block(random, 10 + 7 * p + k, () -> labels.of(random, partition)));
      }
      partitions.add(new PartitionBlocks(p, Shard.of(blocks, FEATURES), NONE, NONE));
    }
    return partitions;
  }

  private static Block block(Random random, int rows, DoubleSupplier label) {
    float[] numeric = new float[rows * 3];
    int[] ids = new int[rows * 2];
    double[] labels = new double[rows];
    double[] weights = new double[rows];
    double[] offsets = random.doubles(rows, -1, 1).toArray();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 3; j++) {
        numeric[j * rows + i] = (float) random.nextGaussian();
      }
      ids[i] = 3 + random.nextInt(2);
      ids[rows + i] = random.nextInt(3) == 0 ? -1 : 5 + random.nextInt(2);
      labels[i] = label.getAsDouble();
      weights[i] = random.nextDouble();
    }
    return new ColumnBlock(rows, FEATURES, 3, numeric, 2, ids, labels, weights, offsets);
  }

  private static JavaRDD<PartitionBlocks> distributed(List<PartitionBlocks> partitions) {
    return context().parallelize(partitions, partitions.size()).cache();
  }

  private static LocalPasses local(List<PartitionBlocks> partitions) {
    return local(partitions, Wire.DOUBLE);
  }

  private static LocalPasses local(List<PartitionBlocks> partitions, Wire wire) {
    return new LocalPasses(
        partitions.stream().map(PartitionBlocks::train).toList(), LOSS, FEATURES, wire);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void everyPassHasTheBitsOfTheLocalOne(int count) {
    List<PartitionBlocks> partitions = partitions(count);
    LinearPasses local = local(partitions);
    try (ClusterPasses cluster =
        new ClusterPasses(distributed(partitions), LOSS, FEATURES, FEATURES)) {
      compare(local, cluster);
    }
  }

  @Test
  void partitionsOfOneClassEachHaveTheBitsOfTheLocalOnes() {
    List<PartitionBlocks> partitions = partitions(4, (random, partition) -> partition < 2 ? 0 : 1);
    try (ClusterPasses cluster =
        new ClusterPasses(distributed(partitions), LOSS, FEATURES, FEATURES)) {
      compare(local(partitions), cluster);
    }
  }

  @ParameterizedTest
  @EnumSource
  void slicesSummedOnExecutorsHaveTheSameBits(Wire wire) {
    List<PartitionBlocks> partitions = partitions(5);
    try (ClusterPasses cluster =
        new ClusterPasses(
            distributed(partitions), LOSS, FEATURES, 1, wire, new OrderedReduction(0))) {
      compare(local(partitions, wire), cluster);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTravelsHasTheSameBitsAndFloatsHalfTheBytes(Wire wire) {
    List<PartitionBlocks> partitions = partitions(4);
    try (ClusterPasses cluster =
        new ClusterPasses(distributed(partitions), LOSS, FEATURES, FEATURES, wire)) {
      compare(local(partitions, wire), cluster);
      long before = cluster.bytesReduced();
      cluster.evaluate(new double[FEATURES + 1]);
      int size = wire == Wire.FLOAT ? Float.BYTES : Double.BYTES;
      assertEquals(4L * (size * FEATURES + 8 * 2), cluster.bytesReduced() - before);
    }
  }

  private static void compare(LinearPasses local, LinearPasses cluster) {
    Random random = new Random(9);
    double[] w = random.doubles(FEATURES + 1, -1, 1).toArray();
    double[] p = random.doubles(FEATURES + 1, -1, 1).toArray();
    assertArrayEquals(local.evaluate(w), cluster.evaluate(w));
    assertEquals(local.project(p, 1, 0), cluster.project(p, 1, 0));
    assertEquals(local.slopes(0.3, -0.1), cluster.slopes(0.3, -0.1));
    assertArrayEquals(local.move(0.7, 0.2), cluster.move(0.7, 0.2));
    assertEquals(local.slopes(0.4, 0), cluster.slopes(0.4, 0), "a move is tentative");
    assertArrayEquals(local.move(0.6, 0.1), cluster.move(0.6, 0.1));
    assertArrayEquals(local.gram(), cluster.gram());
    assertArrayEquals(local.squares(), cluster.squares());
    assertEquals(local.project(w, 1, 0), cluster.project(w, 1, 0), "the next ray makes it final");
    assertArrayEquals(local.move(1, 0), cluster.move(1, 0));
    assertArrayEquals(local.multiplierSums(), cluster.multiplierSums());
    double[] scales = {1, 0.5, 0};
    double[] others = {0.9, 0.5, 0};
    assertArrayEquals(local.conjugates(scales, others), cluster.conjugates(scales, others));
    assertArrayEquals(local.dual(0.9, 1), cluster.dual(0.9, 1));
    compareRaysThatGrow(local, cluster, w, p);
    compareSamples(local, cluster);
  }

  private static void compareRaysThatGrow(
      LinearPasses local, LinearPasses cluster, double[] w, double[] p) {
    local.settle();
    cluster.settle();
    for (double[] direction : List.of(p, w, p)) {
      assertArrayEquals(local.curve(direction), cluster.curve(direction));
      local.extend(0.3);
      cluster.extend(0.3);
    }
    assertEquals(local.slopes(1, 0), cluster.slopes(1, 0));
    assertArrayEquals(local.move(0.5, 0.1), cluster.move(0.5, 0.1));
    local.settle();
    cluster.settle();
    assertArrayEquals(local.curve(w), cluster.curve(w), "settling makes the move final");
  }

  private static void compareSamples(LinearPasses local, LinearPasses cluster) {
    List<Block> one = local.sample(0.5, 3);
    List<Block> other = cluster.sample(0.5, 3);
    assertEquals(one.size(), other.size());
    for (int k = 0; k < one.size(); k++) {
      assertEquals(one.get(k).rows(), other.get(k).rows());
      for (int i = 0; i < one.get(k).rows(); i++) {
        assertArrayEquals(one.get(k).row(i), other.get(k).row(i));
      }
    }
  }

  @Test
  void marginsThatWereLostAreReplayedToTheSameBits() {
    List<PartitionBlocks> partitions = partitions(3);
    LinearPasses local = local(partitions);
    Random random = new Random(3);
    double[] w = random.doubles(FEATURES + 1).toArray();
    try (ClusterPasses cluster =
        new ClusterPasses(distributed(partitions), LOSS, FEATURES, FEATURES)) {
      local.evaluate(w);
      cluster.evaluate(w);
      for (int k = 0; k < 4; k++) {
        double[] p = random.doubles(FEATURES + 1, -1, 1).toArray();
        assertEquals(local.project(p, 1, 0), cluster.project(p, 1, 0));
        forgetEveryCachedBlock();
        assertArrayEquals(local.move(0.5, 0.1), cluster.move(0.5, 0.1));
        forgetEveryCachedBlock();
      }
      assertArrayEquals(local.gram(), cluster.gram());
    }
  }

  /**
   * What losing every executor does: the data of all persisted RDDs is gone, their lineage stays.
   */
  private static void forgetEveryCachedBlock() {
    context()
        .getPersistentRDDs()
        .forEach((id, rdd) -> context().sc().env().blockManager().master().removeRdd(id, true));
  }

  @Test
  void closingLeavesNothingPersisted() {
    Set<Integer> before = Set.copyOf(context().getPersistentRDDs().keySet());
    JavaRDD<PartitionBlocks> blocks = distributed(partitions(2));
    try (ClusterPasses cluster = new ClusterPasses(blocks, LOSS, FEATURES, FEATURES)) {
      cluster.evaluate(new double[FEATURES + 1]);
      cluster.project(new double[FEATURES + 1], 1, 0);
      cluster.move(1, 0);
      assertEquals(4, newlyPersisted(before), "blocks, margins, rays, moved margins");
      cluster.project(new double[FEATURES + 1], 1, 0);
      assertEquals(3, newlyPersisted(before), "blocks, margins, rays");
    }
    assertEquals(1, newlyPersisted(before), "blocks");
    blocks.unpersist();
  }

  private static long newlyPersisted(Set<Integer> before) {
    return context().getPersistentRDDs().keySet().stream()
        .filter(id -> !before.contains(id))
        .count();
  }

  static Stream<Minimizer<? super LinearObjective, ?>> linearMinimizers() {
    return Catalog.optimizers().stream()
        .flatMap(
            entry ->
                Stream.of(2L, 300L).map(block -> entry.factory().apply(settings(entry, block))))
        .distinct()
        .flatMap(ClusterPassesTest::linear);
  }

  private static Stream<Minimizer<? super LinearObjective, ?>> linear(Minimizer<?, ?> minimizer) {
    if (minimizer instanceof RayMinimizer<?> along) {
      return Stream.of(along);
    }
    return minimizer instanceof LinearMinimizer<?> other ? Stream.of(other) : Stream.of();
  }

  private static Settings settings(Entry<?> entry, long block) {
    boolean hasBlock = entry.parameters().stream().anyMatch(p -> p.name().equals("block"));
    return Settled.with(entry, hasBlock ? Map.of("block", block) : Map.of());
  }

  @ParameterizedTest
  @MethodSource("linearMinimizers")
  void aWholeTrainingHasTheSameBitsLocallyAndDistributedAndAfterExecutorsWereLost(
      Minimizer<? super LinearObjective, ?> minimizer) {
    List<PartitionBlocks> partitions = partitions(4);
    Set<Integer> before = Set.copyOf(context().getPersistentRDDs().keySet());
    JavaRDD<PartitionBlocks> blocks = distributed(partitions);
    double[] some = new double[FEATURES]; // any will do: both sides start from the same point
    Arrays.fill(some, 10);
    Moments moments = new Moments(100, 50, 25, 25, some, some, some);
    double[] penalties = new double[FEATURES];
    Arrays.fill(penalties, 1e-3);
    try (ClusterPasses cluster = new ClusterPasses(blocks, LOSS, FEATURES, FEATURES)) {
      Minimizer.State one =
          train(
              minimizer, new LinearProblem(local(partitions), LOSS, moments, penalties), () -> {});
      Minimizer.State other =
          train(
              minimizer,
              new LinearProblem(cluster, LOSS, moments, penalties),
              ClusterPassesTest::forgetEveryCachedBlock);
      assertArrayEquals(one.parameters(), other.parameters());
      assertEquals(one.value(), other.value());
      assertTrue(newlyPersisted(before) <= 5, "blocks, margins, rays, moved margins, one v");
    }
    assertEquals(1, newlyPersisted(before), "blocks");
    blocks.unpersist();
  }

  @Test
  void aTrainingWithL1AndBoundsHasTheSameBitsLocallyAndDistributedAndAfterExecutorsWereLost() {
    List<PartitionBlocks> partitions = partitions(4);
    double[] some = new double[FEATURES]; // any will do: both sides start from the same point
    Moments moments = new Moments(100, 50, 25, 25, some, some, some);
    double[] lower = new double[FEATURES];
    double[] upper = new double[FEATURES];
    double[] l1 = new double[FEATURES];
    double[] l2 = new double[FEATURES];
    Arrays.fill(lower, -0.1);
    Arrays.fill(upper, 0.2);
    Arrays.fill(l1, 1e-3);
    Arrays.fill(l2, 1e-3);
    Penalty box = new Penalty(l2, l1, lower, upper);
    Penalty lasso = new Penalty(l2, l1, new double[0], new double[0]);
    try (ClusterPasses cluster =
        new ClusterPasses(distributed(partitions), LOSS, FEATURES, FEATURES)) {
      compare(
          new ProximalQuasiNewton(),
          new LinearProblem(local(partitions), LOSS, moments, box),
          new LinearProblem(cluster, LOSS, moments, box));
      compare(
          new Owlqn(),
          new LinearProblem(local(partitions), LOSS, moments, lasso),
          new LinearProblem(cluster, LOSS, moments, lasso));
    }
  }

  private static <S extends Minimizer.State> void compare(
      RayMinimizer<S> minimizer, LinearObjective one, LinearObjective other) {
    double[] start = one.prior();
    start[0] = 0.1; // not constant, since the moments are not those of the data
    S here = minimizer.start(one, start);
    S there = minimizer.start(other, start);
    for (int k = 0; k < 8 && here.failure().isEmpty(); k++) {
      here = minimizer.next(one, here);
      there = minimizer.next(other, there);
      assertArrayEquals(here.parameters(), there.parameters());
      assertEquals(here.value(), there.value());
      assertEquals(here.gap(), there.gap());
      if (k % 3 == 0) {
        forgetEveryCachedBlock();
      }
    }
    assertTrue(here.step() >= 3, "steps were compared");
  }

  /**
   * @param meanwhile done after some steps
   */
  private static <S extends Minimizer.State> S train(
      Minimizer<? super LinearObjective, S> minimizer, LinearProblem problem, Runnable meanwhile) {
    S state = minimizer.start(problem, problem.prior());
    for (int k = 0; k < 12 && state.failure().isEmpty(); k++) {
      state = minimizer.next(problem, state);
      if (k % 3 == 0) {
        meanwhile.run();
      }
    }
    return state;
  }
}
