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
 * Margins and a ray's beside cached blocks.
 *
 * <p><b>Layout.</b> Margins z and the ray's u are RDDs of one {@code double[][]} per partition,
 * persisted beside the blocks and never changed: {@link #move} makes a new one of z and u. So
 * Spark's own lineage replays them when an executor is lost, to the same bits, since each is a pure
 * function of blocks and of what was lent. {@link #place} starts a new lineage; what the old one
 * was lent is taken back then. A move is tentative until the next {@link #settle}.
 */
final class CachedMargins implements AutoCloseable {
  private final JavaSparkContext context;
  private final JavaRDD<PartitionBlocks> blocks;
  private final List<Lent<double[]>> lineage = new ArrayList<>();
  private @Nullable JavaRDD<double[][]> margins;
  private @Nullable JavaRDD<double[][]> rays;
  private @Nullable JavaRDD<double[][]> moved;
  private @Nullable JavaRDD<double[][]> last; // v of the last direction that a ray may grow by
  private final List<JavaRDD<double[][]>> outgrown = new ArrayList<>(); // until rays are there

  /** Beside blocks with one element per partition, persisted by the caller. */
  CachedMargins(JavaRDD<PartitionBlocks> blocks) {
    this.context = JavaSparkContext.fromSparkContext(blocks.context());
    this.blocks = blocks;
  }

  /** A function of the one element that a partition has in either RDD. */
  interface Pairing<A, B, R> extends Serializable {
    R apply(A a, B b);
  }

  /** A function of the one element that a partition has. */
  interface Along<A, R> extends Serializable {
    R of(A a);
  }

  /** A sum over the rows of a partition, from its blocks, its margins and those of a direction. */
  interface RaySum extends Serializable {
    SparseArray of(PartitionBlocks part, double[][] margins, double[][] along);
  }

  /** Margins anew: {@code product} of the blocks with a vector. */
  void place(double[] parameters, Pairing<PartitionBlocks, double[], double[][]> product) {
    close();
    margins = product(parameters, product);
  }

  /** The ray's margins; what was moved to is final now. */
  void project(double[] direction, Pairing<PartitionBlocks, double[], double[][]> product) {
    settle();
    rays = product(direction, product);
  }

  /** What was moved to is final, and the ray is forgotten. */
  void settle() {
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

  /** What each partition makes of the margins, those moved to if there are. */
  <R> JavaRDD<R> over(Pairing<PartitionBlocks, double[][], R> work) {
    return blocks.zipPartitions(moved != null ? moved : placed(margins), pair(work));
  }

  /** A sum for each partition at where the ray begins. */
  JavaRDD<SparseArray> overRay(RaySum sum) {
    return over(placed(margins).zipPartitions(placed(rays), pair((z, u) -> List.of(z, u))), sum);
  }

  /**
   * A sum for each partition from the margins and those of a direction that the ray may grow by; a
   * ray that has grown is computed in the same job.
   */
  JavaRDD<SparseArray> overDirection(
      double[] direction, Pairing<PartitionBlocks, double[], double[][]> product, RaySum sum) {
    JavaRDD<double[][]> v = product(direction, product);
    JavaRDD<double[][]> u = rays;
    JavaRDD<List<double[][]>> both =
        placed(margins).zipPartitions(v, pair((z, along) -> List.of(z, along)));
    last = v;
    // reading u is what computes it
    return over(u == null ? both : both.zipPartitions(u, pair((zv, grown) -> zv)), sum);
  }

  private JavaRDD<SparseArray> over(JavaRDD<List<double[][]>> both, RaySum sum) {
    return blocks.zipPartitions(both, pair((part, two) -> sum.of(part, two.get(0), two.get(1))));
  }

  /** The ray is further along the last direction, of which it is {@code scaled} where it is new. */
  void extend(
      Along<double[][], double[][]> scaled, Pairing<double[][], double[][], double[][]> added) {
    JavaRDD<double[][]> v = placed(last);
    JavaRDD<double[][]> u = rays;
    rays = persisted(u == null ? v.map(scaled::of) : u.zipPartitions(v, pair(added)));
    if (u != null) {
      outgrown.add(u);
    }
    outgrown.add(v);
    last = null;
  }

  /** Frees what a ray was extended from, once a job has computed the ray. */
  void release() {
    outgrown.forEach(CachedMargins::unpersist);
    outgrown.clear();
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

  /** Frees margins and what was lent; the blocks are the caller's. */
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
