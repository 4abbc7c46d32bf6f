package dev.talweg.optimizer.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.SparseArray;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ShardTest {
  private static final int DIMENSION = 20_000;
  private static final PointwiseLoss LOSS = new LogisticLoss();

  private static Block sparse(Random random, int rows) {
    int[] starts = new int[rows + 1];
    int[] indices = new int[rows * 5];
    float[] values = new float[rows * 5];
    double[] labels = new double[rows];
    int p = 0;
    for (int i = 0; i < rows; i++) {
      labels[i] = random.nextInt(2);
      TreeSet<Integer> features = new TreeSet<>();
      for (int k = 0; k < 5; k++) {
        features.add((int) (DIMENSION * Math.pow(random.nextDouble(), 4)));
      }
      for (int feature : features) {
        indices[p] = feature;
        values[p++] = (float) random.nextGaussian();
      }
      starts[i + 1] = p;
    }
    return new CsrBlock(DIMENSION, starts, indices, values, labels, null);
  }

  private static Block columns(Random random, int rows) {
    float[] numeric = new float[2 * rows];
    int[] ids = new int[3 * rows];
    double[] labels = new double[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = random.nextInt(2);
      numeric[i] = (float) random.nextGaussian();
      numeric[rows + i] = (float) random.nextGaussian();
      for (int f = 0; f < 3; f++) {
        ids[f * rows + i] = random.nextInt(4) == 0 ? -1 : 2 + 6000 * f + random.nextInt(6000);
      }
    }
    return new ColumnBlock(rows, DIMENSION, 2, numeric, 3, ids, labels, null);
  }

  @Property(tries = 50)
  void numberingOnlyTheFeaturesTouchedChangesNoBit(@ForAll long seed) {
    Random random = new Random(seed);
    for (List<Block> blocks :
        List.of(
            List.of(sparse(random, 40), sparse(random, 17)),
            List.of(columns(random, 30), columns(random, 9)))) {
      Shard whole = Shard.of(blocks, DIMENSION);
      Shard compact = Shard.compact(blocks, DIMENSION);
      assertNotEquals(DIMENSION, compact.width(), "most features are in no row");
      double[] parameters = random.doubles(DIMENSION + 1, -1, 1).toArray();
      double[][] margins = PartitionPasses.margins(whole, parameters);
      double[][] others = PartitionPasses.margins(compact, parameters);
      for (int k = 0; k < margins.length; k++) {
        assertArrayEquals(margins[k], others[k]);
      }
      same(
          PartitionPasses.sums(whole, margins, LOSS), PartitionPasses.sums(compact, margins, LOSS));
      same(
          PartitionPasses.squares(whole, margins, LOSS),
          PartitionPasses.squares(compact, margins, LOSS));
      same(
          PartitionPasses.dual(whole, margins, LOSS, 0.5, 1),
          PartitionPasses.dual(compact, margins, LOSS, 0.5, 1));
      same(PartitionPasses.moments(whole), PartitionPasses.moments(compact));
      for (int k = 0; k < blocks.size(); k++) {
        assertArrayEquals(blocks.get(k).row(3), compact.expanded(compact.blocks().get(k)).row(3));
      }
    }
  }

  @Test
  void momentsCountTheValuesThatRowsHave() {
    Random random = new Random(5);
    List<Block> blocks = List.of(sparse(random, 40), columns(random, 30));
    long entries = blocks.stream().mapToLong(block -> block.entries(0, block.rows())).sum();
    double[] sums = new double[3 * DIMENSION + PartitionPasses.MOMENTS];
    PartitionPasses.moments(Shard.of(blocks, DIMENSION)).addTo(sums);
    assertEquals(entries, Moments.of(sums).entries());
    assertEquals(70, Moments.of(sums).rows());
  }

  private static void same(SparseArray one, SparseArray other) {
    double[] whole = new double[one.length()];
    double[] sparse = new double[other.length()];
    one.addTo(whole);
    other.addTo(sparse);
    assertArrayEquals(whole, sparse);
  }

  @Test
  void fewFeaturesKeepTheirNumbers() {
    Block block = new CsrBlock(100, new int[] {0, 1}, new int[] {7}, null, new double[1], null);
    assertNull(Shard.compact(List.of(block), 100).touched());
  }

  /** 40,000 rows of one feature each, so that two such blocks are two chunks. */
  private static CsrBlock eachOf(int features) {
    int rows = 40_000;
    int[] starts = new int[rows + 1];
    int[] indices = new int[rows];
    for (int i = 0; i < rows; i++) {
      starts[i + 1] = i + 1;
      indices[i] = i % features;
    }
    return new CsrBlock(DIMENSION, starts, indices, null, new double[rows], null);
  }

  @Test
  void everyChunkIsLaidOutByWhatItTouchesItself() {
    CsrBlock few = eachOf(10);
    CsrBlock many = eachOf(12_000);
    List<Block> blocks =
        Shard.compact(List.of(few, few, many, few, many), DIMENSION, 10_000).blocks();
    assertEquals(
        List.of(false, false, true, false, true),
        blocks.stream().map(block -> block instanceof ChunkBlock).toList());
  }

  @Test
  void whatFollowsTheWeightsIsGatheredToo() {
    Block block = new CsrBlock(10_000, new int[] {0, 1}, new int[] {7}, null, new double[1], null);
    double[] parameters = new double[10_001];
    Arrays.setAll(parameters, j -> j);
    assertArrayEquals(
        new double[] {7, 10_000}, Shard.compact(List.of(block), 10_000).gather(parameters));
    assertEquals(1, Shard.compact(List.of(block), 10_000).rows());
  }
}
