package dev.talweg.jobs.cluster;

import dev.talweg.optimizer.objective.OrderedSum;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.PairFlatMapFunction;
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
final class OrderedReduction {
  /** Above this many bytes over all partitions, slices are summed on executors. */
  private static final long DRIVER_BYTES = 64L << 20;

  /** Entries of one slice: 2 MiB. */
  private static final int SLICE = 1 << 18;

  private final long driverBytes;
  private long bytes;

  OrderedReduction() {
    this(DRIVER_BYTES);
  }

  /** With another threshold: for tests of the sliced path on small data. */
  OrderedReduction(long driverBytes) {
    this.driverBytes = driverBytes;
  }

  /** Bytes that came from tasks so far. */
  long bytes() {
    return bytes;
  }

  /** Sums the one array of {@code length} numbers that each partition has. */
  double[] sum(JavaRDD<double[]> partials, int length) {
    long size = 8L * length * partials.getNumPartitions();
    bytes += size;
    return size <= driverBytes ? onDriver(partials) : bySlices(partials, length);
  }

  private static double[] onDriver(JavaRDD<double[]> partials) {
    OrderedSum sum = new OrderedSum();
    run(partials, sum::add);
    return sum.total();
  }

  private static double[] bySlices(JavaRDD<double[]> partials, int length) {
    int slices = (length + SLICE - 1) / SLICE;
    int ranges = Math.min(slices, partials.getNumPartitions());
    JavaPairRDD<SliceKey, double[]> cut = partials.mapPartitionsToPair(new Cut(length));
    JavaRDD<Tuple2<Integer, double[]>> summed =
        cut.repartitionAndSortWithinPartitions(new BySlice(ranges), SliceKey.ORDER)
            .mapPartitions(OrderedReduction::fold);
    double[] total = new double[length];
    run(
        summed.glom(),
        (range, found) -> {
          for (Tuple2<Integer, double[]> slice : found) {
            System.arraycopy(slice._2(), 0, total, slice._1() * SLICE, slice._2().length);
          }
        });
    return total;
  }

  /** Adds the runs of equal slices, which come by ascending partition. */
  private static Iterator<Tuple2<Integer, double[]>> fold(
      Iterator<Tuple2<SliceKey, double[]>> terms) {
    List<Tuple2<Integer, double[]>> sums = new ArrayList<>();
    int slice = -1;
    double[] total = {};
    while (terms.hasNext()) {
      Tuple2<SliceKey, double[]> term = terms.next();
      if (term._1().slice() != slice) {
        slice = term._1().slice();
        total = term._2().clone();
        sums.add(new Tuple2<>(slice, total));
      } else {
        for (int j = 0; j < total.length; j++) {
          total[j] += term._2()[j];
        }
      }
    }
    return sums.iterator();
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
      implements PairFlatMapFunction<Iterator<double[]>, SliceKey, double[]> {
    private static final long serialVersionUID = 1L;
    private final int length;

    Cut(int length) {
      this.length = length;
    }

    @Override
    public Iterator<Tuple2<SliceKey, double[]>> call(Iterator<double[]> arrays) {
      double[] array = arrays.next();
      int partition = TaskContext.getPartitionId();
      return IntStream.range(0, (length + SLICE - 1) / SLICE)
          .mapToObj(
              slice ->
                  new Tuple2<>(
                      new SliceKey(slice, partition),
                      Arrays.copyOfRange(
                          array, slice * SLICE, Math.min(length, (slice + 1) * SLICE))))
          .iterator();
    }
  }

  /** What the driver does with the one element of a partition, as soon as its task is done. */
  interface Arrival<T> {
    void accept(int partition, T element);
  }

  /** Runs a job over an RDD with one element per partition, handing each over as it arrives. */
  static <T> void run(JavaRDD<T> rdd, Arrival<T> arrival) {
    List<Object> partitions = new ArrayList<>();
    for (int p = 0; p < rdd.getNumPartitions(); p++) {
      partitions.add(p);
    }
    rdd.rdd()
        .sparkContext()
        .runJob(
            rdd.rdd(),
            new TheElement<T>(),
            CollectionConverters.asScala(partitions).toSeq(),
            new AbstractFunction2<Object, T, BoxedUnit>() {
              @Override
              public BoxedUnit apply(Object partition, T element) {
                arrival.accept((Integer) partition, element);
                return BoxedUnit.UNIT;
              }
            },
            ClassTag$.MODULE$.apply(Object.class));
  }

  private static final class TheElement<T>
      extends AbstractFunction2<TaskContext, scala.collection.Iterator<T>, T>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public T apply(TaskContext context, scala.collection.Iterator<T> elements) {
      return elements.next();
    }
  }
}
