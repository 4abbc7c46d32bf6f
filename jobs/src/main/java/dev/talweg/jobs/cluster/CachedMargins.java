package dev.talweg.jobs.cluster;

import dev.talweg.datasets.Lent;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.optimizer.objective.SparseArray;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * Margins and a ray's beside cached blocks, kept as {@link ClusterPasses} keeps its own.
 *
 * <p><b>Layout.</b> Margins z and the ray's u are RDDs of one {@code double[][]} per partition,
 * persisted beside the blocks and never changed: {@link #move} makes a new one of z and u. So
 * Spark's own lineage replays them when an executor is lost, to the same bits, since each is a pure
 * function of blocks and broadcasts. {@link #place} starts a new lineage; the broadcasts of the old
 * one are destroyed then. A move is tentative until the next {@link #project}.
 */
final class CachedMargins implements AutoCloseable {
  private final JavaSparkContext context;
  private final JavaRDD<PartitionBlocks> blocks;
  private final List<Lent<double[]>> lineage = new ArrayList<>();
  private @Nullable JavaRDD<double[][]> margins;
  private @Nullable JavaRDD<double[][]> rays;
  private @Nullable JavaRDD<double[][]> moved;

  /** Beside blocks with one element per partition, persisted by the caller. */
  CachedMargins(JavaRDD<PartitionBlocks> blocks) {
    this.context = JavaSparkContext.fromSparkContext(blocks.context());
    this.blocks = blocks;
  }

  /** A function of the one element that a partition has in either RDD. */
  interface Pairing<A, B, R> extends Serializable {
    R apply(A a, B b);
  }

  /** A sum over the rows of a partition, from its blocks, its margins and its ray's. */
  interface RaySum extends Serializable {
    SparseArray of(PartitionBlocks part, double[][] margins, double[][] rays);
  }

  /** Margins anew: {@code product} of the blocks with a vector. */
  void place(double[] parameters, Pairing<PartitionBlocks, double[], double[][]> product) {
    close();
    margins = product(parameters, product);
  }

  /** The ray's margins; what was moved to is final now. */
  void project(double[] direction, Pairing<PartitionBlocks, double[], double[][]> product) {
    if (moved != null) {
      unpersist(margins);
      margins = moved;
      moved = null;
    }
    unpersist(rays);
    rays = product(direction, product);
  }

  private JavaRDD<double[][]> product(
      double[] vector, Pairing<PartitionBlocks, double[], double[][]> product) {
    Lent<double[]> lent = Lent.to(context, vector.clone()); // the caller may go on with his
    lineage.add(lent);
    return persisted(blocks.map(part -> product.apply(part, lent.value())));
  }

  /** Margins further along the ray. */
  void move(Pairing<double[][], double[][], double[][]> along) {
    unpersist(moved);
    moved = persisted(placed(margins).zipPartitions(placed(rays), pair(along)));
  }

  /** A sum for each partition at the margins, those moved to if there are. */
  JavaRDD<SparseArray> over(Pairing<PartitionBlocks, double[][], SparseArray> sum) {
    return blocks.zipPartitions(moved != null ? moved : placed(margins), pair(sum));
  }

  /** A sum for each partition at where the ray begins. */
  JavaRDD<SparseArray> overRay(RaySum sum) {
    JavaRDD<List<double[][]>> both =
        placed(margins).zipPartitions(placed(rays), pair((z, ray) -> List.of(z, ray)));
    return blocks.zipPartitions(both, pair((part, zu) -> sum.of(part, zu.get(0), zu.get(1))));
  }

  private static <A, B, R> FlatMapFunction2<Iterator<A>, Iterator<B>, R> pair(
      Pairing<A, B, R> pairing) {
    return (a, b) -> List.of(pairing.apply(a.next(), b.next())).iterator();
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
    margins = null;
    rays = null;
    moved = null;
    lineage.forEach(Lent::takeBack);
    lineage.clear();
  }
}
