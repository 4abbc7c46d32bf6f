package dev.talweg.jobs.cluster;

import dev.talweg.datasets.Lent;
import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.objective.LinearPasses;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.Slopes;
import dev.talweg.optimizer.objective.SparseArray;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * The passes of a linear objective over cached blocks on a cluster.
 *
 * <p><b>Layout.</b> Margins z and the ray's u are RDDs of one {@code double[][]} per partition,
 * persisted beside the blocks and never changed: {@code move} makes a new one of (z, u, step,
 * shift). So Spark's own lineage replays them when an executor is lost, to the same bits, since
 * each is a pure function of blocks and broadcasts. {@code place} starts a new lineage; the
 * broadcasts of the old one are destroyed then.
 *
 * <p><b>Cost.</b> {@code evaluate} and {@code move} are one job each with d + 2 numbers a partition
 * on the wire; {@code project} is one job with six numbers, and d + 1 numbers to every executor;
 * {@code slopes} touches margins only. {@code curve} is one job of d + 1 numbers a partition, in
 * which a ray that was extended is computed too.
 */
public final class ClusterPasses implements LinearPasses, AutoCloseable {
  private final JavaSparkContext context;
  private final JavaRDD<PartitionBlocks> blocks;
  private final PointwiseLoss loss;
  private final int features;
  private final long entries;
  private final OrderedReduction reduction;
  private final List<Lent<double[]>> lineage = new ArrayList<>();
  private @Nullable JavaRDD<double[][]> margins;
  private @Nullable JavaRDD<double[][]> rays;
  private @Nullable JavaRDD<double[][]> moved;
  private @Nullable JavaRDD<double[][]> last; // v of the last curve
  private final List<JavaRDD<double[][]>> outgrown = new ArrayList<>(); // until rays are there
  private long passes;

  /**
   * Over the training rows of {@code blocks}, one element per partition, persisted by the caller.
   *
   * @param entries about how many features the partitions touch, added up over them
   */
  public ClusterPasses(
      JavaRDD<PartitionBlocks> blocks, PointwiseLoss loss, int features, long entries) {
    this(blocks, loss, features, entries, new OrderedReduction());
  }

  ClusterPasses(
      JavaRDD<PartitionBlocks> blocks,
      PointwiseLoss loss,
      int features,
      long entries,
      OrderedReduction reduction) {
    this.context = JavaSparkContext.fromSparkContext(blocks.context());
    this.blocks = blocks;
    this.loss = loss;
    this.features = features;
    this.entries = entries;
    this.reduction = reduction;
  }

  /** Products with the features so far, counted in halves: a forward or a transposed one each. */
  public double passes() {
    return 0.5 * passes;
  }

  /** Bytes that tasks have sent to be summed. */
  public long bytesReduced() {
    return reduction.bytes();
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public double[] evaluate(double[] parameters) {
    place(parameters);
    return sums();
  }

  @Override
  public void place(double[] parameters) {
    close();
    Lent<double[]> lent = lend(parameters);
    margins = persisted(blocks.map(part -> PartitionPasses.margins(part.train(), lent.value())));
    passes++;
  }

  @Override
  public double value() {
    PointwiseLoss l = loss;
    return overMargins((part, z) -> PartitionPasses.value(part.train(), z, l), 1, 0)[0];
  }

  @Override
  public Slopes project(double[] direction, double step, double shift) {
    settle();
    Lent<double[]> lent = lend(direction);
    rays = persisted(blocks.map(part -> PartitionPasses.rays(part.train(), lent.value())));
    passes++;
    return slopes(step, shift);
  }

  @Override
  public Slopes slopes(double step, double shift) {
    PointwiseLoss l = loss;
    JavaRDD<double[][]> u = placed(rays);
    JavaRDD<List<double[][]>> both =
        placed(margins).zipPartitions(u, pair((z, ray) -> List.of(z, ray)));
    double[] s =
        reduction.sum(
            blocks.zipPartitions(
                both,
                pair(
                    (part, zu) ->
                        PartitionPasses.slopes(
                            part.train(), zu.get(0), zu.get(1), l, step, shift))),
            6,
            0);
    release();
    return new Slopes(s[0], s[1], s[2], s[3], s[4], s[5]);
  }

  @Override
  public double[] move(double step, double shift) {
    unpersist(moved);
    moved =
        persisted(
            placed(margins)
                .zipPartitions(
                    placed(rays), pair((z, u) -> PartitionPasses.moved(z, u, step, shift))));
    return sums();
  }

  private double[] sums() {
    PointwiseLoss l = loss;
    passes++;
    return overMargins(
        (part, z) -> PartitionPasses.sums(part.train(), z, l), features + 2, entries);
  }

  @Override
  public double[] gram() {
    PointwiseLoss l = loss;
    int size = (features + 1) * (features + 1);
    passes += 2;
    return overMargins(
        (part, z) -> PartitionPasses.gram(part.train(), z, l),
        size,
        (long) size * blocks.getNumPartitions());
  }

  @Override
  public double[] squares() {
    PointwiseLoss l = loss;
    passes += 2;
    return overMargins(
        (part, z) -> PartitionPasses.squares(part.train(), z, l), 2 * features + 1, 2 * entries);
  }

  @Override
  public List<Block> sample(double share, long seed) {
    List<List<Block>> sample =
        new ArrayList<>(Collections.nCopies(blocks.getNumPartitions(), List.of()));
    OrderedReduction.run(
        blocks.map(
            part ->
                new ArrayList<>(
                    PartitionPasses.sample(part.train(), part.partition(), share, seed))),
        sample::set);
    return sample.stream().flatMap(List::stream).toList();
  }

  @Override
  public void settle() {
    if (moved != null) {
      unpersist(margins);
      margins = moved;
      moved = null;
    }
    unpersist(rays);
    unpersist(last);
    release();
    rays = null;
    last = null;
  }

  @Override
  public double[] curve(double[] direction) {
    PointwiseLoss l = loss;
    Lent<double[]> lent = lend(direction);
    JavaRDD<double[][]> v =
        persisted(blocks.map(part -> PartitionPasses.rays(part.train(), lent.value())));
    JavaRDD<double[][]> u = rays;
    JavaRDD<List<double[][]>> both =
        u == null
            ? placed(margins).zipPartitions(v, pair((z, along) -> List.of(z, along)))
            : placed(margins)
                .zipPartitions(v, pair((z, along) -> List.of(z, along)))
                .zipPartitions(u, pair((zv, grown) -> zv)); // reading u is what computes it
    passes += 2;
    double[] sums =
        reduction.sum(
            blocks.zipPartitions(
                both,
                pair((part, zv) -> PartitionPasses.curve(part.train(), zv.get(0), zv.get(1), l))),
            features + 1,
            entries);
    release();
    last = v;
    return sums;
  }

  @Override
  public void extend(double step) {
    JavaRDD<double[][]> v = placed(last);
    JavaRDD<double[][]> u = rays;
    rays =
        persisted(
            u == null
                ? v.map(along -> PartitionPasses.scaled(along, step))
                : u.zipPartitions(
                    v, pair((grown, along) -> PartitionPasses.moved(grown, along, step, 0))));
    if (u != null) {
      outgrown.add(u);
    }
    outgrown.add(v);
    last = null;
  }

  /** Frees what a ray was extended from, once the ray is there. */
  private void release() {
    outgrown.forEach(ClusterPasses::unpersist);
    outgrown.clear();
  }

  @Override
  public double[] multiplierSums() {
    PointwiseLoss l = loss;
    return overMargins((part, z) -> PartitionPasses.multiplierSums(part.train(), z, l), 5, 0);
  }

  @Override
  public double[] conjugates(double[] positiveScales, double[] negativeScales) {
    PointwiseLoss l = loss;
    return overMargins(
        (part, z) -> PartitionPasses.conjugates(part.train(), z, l, positiveScales, negativeScales),
        positiveScales.length,
        0);
  }

  @Override
  public double[] dual(double positiveScale, double negativeScale) {
    PointwiseLoss l = loss;
    passes++;
    return overMargins(
        (part, z) -> PartitionPasses.dual(part.train(), z, l, positiveScale, negativeScale),
        features,
        entries);
  }

  private double[] overMargins(
      Pairing<PartitionBlocks, double[][], SparseArray> work, int length, long given) {
    JavaRDD<double[][]> current = moved != null ? moved : placed(margins);
    return reduction.sum(blocks.zipPartitions(current, pair(work)), length, given);
  }

  /** A function of the one element that a partition has in either RDD. */
  private interface Pairing<A, B, R> extends Serializable {
    R apply(A a, B b);
  }

  private static <A, B, R> FlatMapFunction2<Iterator<A>, Iterator<B>, R> pair(
      Pairing<A, B, R> pairing) {
    return (a, b) -> List.of(pairing.apply(a.next(), b.next())).iterator();
  }

  private Lent<double[]> lend(double[] vector) {
    Lent<double[]> lent = Lent.to(context, vector.clone()); // the caller may go on with his
    lineage.add(lent);
    return lent;
  }

  private static <T> JavaRDD<T> persisted(JavaRDD<T> rdd) {
    return rdd.persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static <T> JavaRDD<T> placed(@Nullable JavaRDD<T> rdd) {
    if (rdd == null) {
      throw new IllegalStateException("no margins yet: evaluate or place first");
    }
    return rdd;
  }

  private static void unpersist(@Nullable JavaRDD<?> rdd) {
    if (rdd != null) {
      rdd.unpersist(false);
    }
  }

  /** Frees margins and broadcasts; the blocks are the caller's. */
  @Override
  public void close() {
    unpersist(margins);
    unpersist(rays);
    unpersist(moved);
    unpersist(last);
    release();
    margins = null;
    rays = null;
    moved = null;
    last = null;
    lineage.forEach(Lent::takeBack);
    lineage.clear();
  }
}
