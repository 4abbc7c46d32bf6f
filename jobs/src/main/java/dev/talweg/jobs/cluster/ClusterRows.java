package dev.talweg.jobs.cluster;

import dev.talweg.datasets.Lent;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.optimizer.metric.Places;
import dev.talweg.optimizer.metric.Scored;
import dev.talweg.optimizer.metric.ScoredRows;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.model.Model;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scored rows as partitions of Spark. An order is a shuffle by range of the major key, of which a
 * partition then has all rows, and Spark's sort within partitions, which spills to disk. How many
 * rows and how much weight are before a partition, one pass over the sorted rows tells; the next
 * ones find the shuffle's files. Parts are merged on the driver in the order of partitions; where
 * these begin, Spark samples, so the last digits of sums may differ from run to run.
 */
public final class ClusterRows implements ScoredRows {
  private static final StructType COLUMNS =
      new StructType()
          .add("major", DataTypes.DoubleType, false)
          .add("minor", DataTypes.DoubleType, false)
          .add("row", DataTypes.LongType, false)
          .add("score", DataTypes.DoubleType, false)
          .add("label", DataTypes.DoubleType, false)
          .add("weight", DataTypes.DoubleType, false);

  private static final int ROWS_OF_PARTITION = 40; // bits: the others are the partition's

  private final SparkSession spark;
  private final JavaRDD<Scored> rows;

  ClusterRows(SparkSession spark, JavaRDD<Scored> rows) {
    this.spark = spark;
    this.rows = rows;
  }

  /** The rows of a split with what each margin predicts, one for each margin. */
  public static List<ScoredRows> of(
      SparkSession spark,
      JavaRDD<PartitionBlocks> blocks,
      ClusterScores.Split split,
      Model model,
      Lent<double[]> parameters) {
    List<ScoredRows> all = new ArrayList<>();
    for (int margin = 0; margin < model.margins(); margin++) {
      int k = margin;
      all.add(
          new ClusterRows(
              spark, blocks.flatMap(part -> scored(part, split, model, parameters.value(), k))));
    }
    return all;
  }

  private static Iterator<Scored> scored(
      PartitionBlocks partition,
      ClusterScores.Split split,
      Model model,
      double[] parameters,
      int margin) {
    Scores scores = model.scores();
    long[] next = {(long) partition.partition() << ROWS_OF_PARTITION};
    return ClusterScores.margins(split.of(partition), model, parameters)
        .flatMap(
            block -> {
              double[] predicted = scores.predicted(block.margins());
              double[] labels = block.rows().labels();
              double[] weights = block.rows().weights();
              return IntStream.range(0, block.rows().rows())
                  .mapToObj(
                      i ->
                          new Scored(
                              predicted[i * model.margins() + margin],
                              labels[i],
                              weights == null ? 1 : weights[i],
                              next[0]++));
            })
        .iterator();
  }

  @Override
  public long count() {
    return rows.count();
  }

  @Override
  public <S extends Sums<S>> S sum(Empty<S> empty) {
    List<S> parts =
        rows.mapPartitions(
                scored -> {
                  S sums = empty.sums();
                  scored.forEachRemaining(row -> sums.add(row, Place.NONE));
                  return List.of(sums).iterator();
                })
            .collect();
    return merged(empty, parts);
  }

  @Override
  public <S extends Sums<S>> S sum(Order order, Empty<S> empty) {
    JavaRDD<Scored> sorted = sorted(order);
    List<Size> before = before(sorted);
    List<S> parts =
        sorted
            .mapPartitionsWithIndex(
                (partition, scored) -> {
                  Places places = before.get(partition).places(order);
                  S sums = empty.sums();
                  scored.forEachRemaining(row -> sums.add(row, places.next(row)));
                  return List.of(sums).iterator();
                },
                true)
            .collect();
    return merged(empty, parts);
  }

  private static <S extends Sums<S>> S merged(Empty<S> empty, List<S> parts) {
    S all = empty.sums();
    parts.forEach(all::merge);
    return all;
  }

  @Override
  public ScoredRows replaced(Order order, Replacement replacement) {
    JavaRDD<Scored> sorted = sorted(order);
    List<Size> before = before(sorted);
    return new ClusterRows(
        spark,
        sorted.mapPartitionsWithIndex(
            (partition, scored) -> {
              Places places = before.get(partition).places(order);
              return new Replaced(scored, places, replacement);
            },
            true));
  }

  private record Replaced(Iterator<Scored> rows, Places places, Replacement replacement)
      implements Iterator<Scored> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Scored next() {
      Scored row = rows.next();
      return replacement.of(row, places.next(row));
    }
  }

  private JavaRDD<Scored> sorted(Order order) {
    JavaRDD<Row> keyed =
        rows.map(
            row ->
                RowFactory.create(
                    order.major().of(row) + 0.0, // −0 is 0
                    order.minor().of(row) + 0.0,
                    row.row(),
                    row.score(),
                    row.label(),
                    row.weight()));
    return spark
        .createDataFrame(keyed, COLUMNS)
        .repartitionByRange(Math.max(1, rows.getNumPartitions()), functions.col("major"))
        .sortWithinPartitions("major", "minor", "row")
        .javaRDD()
        .map(
            row ->
                new Scored(row.getDouble(3), row.getDouble(4), row.getDouble(5), row.getLong(2)));
  }

  /** What is before each partition. */
  private static List<Size> before(JavaRDD<Scored> sorted) {
    List<Size> before = new ArrayList<>(List.of(new Size(0, 0)));
    for (Size own : sorted.mapPartitions(ClusterRows::size).collect()) {
      before.add(before.get(before.size() - 1).and(own));
    }
    return before;
  }

  private static Iterator<Size> size(Iterator<Scored> rows) {
    Size size = new Size(0, 0);
    while (rows.hasNext()) {
      size = size.and(new Size(1, rows.next().weight()));
    }
    return List.of(size).iterator();
  }

  private record Size(long rows, double weight) implements Serializable {
    private static final long serialVersionUID = 1L;

    Size and(Size other) {
      return new Size(rows + other.rows, weight + other.weight);
    }

    Places places(Order order) {
      return new Places(order, rows, weight);
    }
  }
}
