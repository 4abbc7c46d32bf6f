package dev.talweg.datasets;

import dev.talweg.optimizer.objective.OrderedSum;
import dev.talweg.optimizer.objective.SparseArray;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The sum of one array per partition, left to right over partition numbers, so that its bits depend
 * neither on the number of executors nor on who finishes first ({@code treeAggregate} merges in
 * order of arrival, and ships its zero with every task).
 *
 * <p>Small sums are folded on the driver while tasks finish. Where P arrays would not fit
 * comfortably, the arrays are cut into slices that a shuffle brings together by range; the driver
 * then holds one array. Both fold each entry in the same order and give the same bits.
 */
public final class OrderedReduction {
  /** Above this many bytes over all partitions, slices are summed on executors. */
  private static final long DRIVER_BYTES = 64L << 20;

  /** Entries of one slice: 2 MiB. */
  private static final int SLICE = 1 << 18;

  private final long driverBytes;
  private final long localBytes; // in one JVM, where a shuffle moves nothing to other memory
  private long bytes;

  /**
   * Sums of up to 64 MiB over all partitions are folded on the driver; in local mode of up to an
   * eighth of the heap.
   */
  public OrderedReduction() {
    this(DRIVER_BYTES, Runtime.getRuntime().maxMemory() / 8);
  }

  /** With another threshold: for tests of the sliced path on small data. */
  public OrderedReduction(long driverBytes) {
    this(driverBytes, 0);
  }

  private OrderedReduction(long driverBytes, long localBytes) {
    this.driverBytes = driverBytes;
    this.localBytes = localBytes;
  }

  /** Bytes that came from tasks so far, as they would travel between two JVMs. */
  public long bytes() {
    return bytes;
  }

  /**
   * Sums the one array of {@code length} numbers that each partition has.
   *
   * @param entries about how many numbers are given over all partitions: it decides how the sum is
   *     taken, which its bits do not depend on
   */
  public double[] sum(JavaRDD<SparseArray> partials, int length, long entries) {
    long most = partials.context().isLocal() ? Math.max(driverBytes, localBytes) : driverBytes;
    if (8 * entries > most && partials.getNumPartitions() > 1) {
      return bySlices(partials, length);
    }
    OrderedSum sum = new OrderedSum(length);
    run(
        partials,
        (partition, partial) -> {
          bytes += partial.bytes();
          sum.add(partition, partial);
        });
    return sum.total();
  }

  private double[] bySlices(JavaRDD<SparseArray> partials, int length) {
    int slices = (length + SLICE - 1) / SLICE;
    int ranges = Math.min(slices, partials.getNumPartitions());
    JavaPairRDD<SliceKey, SparseArray> cut = partials.mapPartitionsToPair(new Cut(length));
    JavaRDD<Summed> summed =
        cut.repartitionAndSortWithinPartitions(new BySlice(ranges), SliceKey.ORDER)
            .mapPartitions(terms -> List.of(fold(terms, length)).iterator());
    double[] total = new double[length];
    run(
        summed,
        (range, found) -> {
          bytes += found.bytes();
          for (Tuple2<Integer, double[]> slice : found.slices()) {
            System.arraycopy(slice._2(), 0, total, slice._1() * SLICE, slice._2().length);
          }
        });
    return total;
  }

  /** Sums of slices, and how many bytes came to be summed. */
  private record Summed(List<Tuple2<Integer, double[]>> slices, long bytes)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Adds the runs of equal slices, which come by ascending partition. */
  private static Summed fold(Iterator<Tuple2<SliceKey, SparseArray>> terms, int length) {
    List<Tuple2<Integer, double[]>> sums = new ArrayList<>();
    int slice = -1;
    double[] total = {};
    long bytes = 0;
    while (terms.hasNext()) {
      Tuple2<SliceKey, SparseArray> term = terms.next();
      if (term._1().slice() != slice) {
        slice = term._1().slice();
        total = new double[Math.min(SLICE, length - slice * SLICE)];
        sums.add(new Tuple2<>(slice, total));
      }
      bytes += term._2().bytes();
      term._2().addTo(total);
    }
    return new Summed(sums, bytes);
  }

  /** Which slice of which partition. */
  record SliceKey(int slice, int partition) implements Serializable {
    private static final long serialVersionUID = 1L;
    static final SliceOrder ORDER = new SliceOrder();
  }

  /** By slice, then by partition. */
  static final class SliceOrder implements Comparator<SliceKey>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(SliceKey a, SliceKey b) {
      return a.slice() != b.slice()
          ? Integer.compare(a.slice(), b.slice())
          : Integer.compare(a.partition(), b.partition());
    }
  }

  private static final class BySlice extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int ranges;

    BySlice(int ranges) {
      this.ranges = ranges;
    }

    @Override
    public int numPartitions() {
      return ranges;
    }

    @Override
    public int getPartition(Object key) {
      return ((SliceKey) key).slice() % ranges;
    }
  }

  private static final class Cut
      implements PairFlatMapFunction<Iterator<SparseArray>, SliceKey, SparseArray> {
    private static final long serialVersionUID = 1L;
    private final int length;

    Cut(int length) {
      this.length = length;
    }

    @Override
    public Iterator<Tuple2<SliceKey, SparseArray>> call(Iterator<SparseArray> arrays) {
      SparseArray array = arrays.next();
      int partition = TaskContext.getPartitionId();
      return IntStream.range(0, (length + SLICE - 1) / SLICE)
          .mapToObj(
              slice ->
                  new Tuple2<>(
                      new SliceKey(slice, partition),
                      array.slice(slice * SLICE, Math.min(length, (slice + 1) * SLICE))))
          .iterator();
    }
  }

  /** What the driver does with the one element of a partition, as soon as its task is done. */
  public interface Arrival<T> {
    void accept(int partition, T element);
  }

  /** Runs a job over an RDD with one element per partition, handing each over as it arrives. */
  public static <T> void run(JavaRDD<T> rdd, Arrival<T> arrival) {
    List<Object> partitions = new ArrayList<>();
    for (int p = 0; p < rdd.getNumPartitions(); p++) {
      partitions.add(p);
    }
    try (Desk desk = Desk.open()) {
      rdd.rdd()
          .sparkContext()
          .runJob(
              rdd.rdd(),
              new TheElement<T>(desk),
              CollectionConverters.asScala(partitions).toSeq(),
              new AbstractFunction2<Object, T, BoxedUnit>() {
                @Override
                public BoxedUnit apply(Object partition, @Nullable T sent) {
                  int number = (Integer) partition;
                  arrival.accept(number, desk.take(number, sent));
                  return BoxedUnit.UNIT;
                }
              },
              ClassTag$.MODULE$.apply(Object.class));
    }
  }

  private static final class TheElement<T>
      extends AbstractFunction2<TaskContext, scala.collection.Iterator<T>, T>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Desk desk;

    TheElement(Desk desk) {
      this.desk = desk;
    }

    @Override
    public @Nullable T apply(TaskContext context, scala.collection.Iterator<T> elements) {
      return desk.leave(context.partitionId(), elements.next());
    }
  }
}
