package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.datasets.LabelKind;
import dev.talweg.datasets.Lent;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.jobs.cluster.ClusterRows;
import dev.talweg.jobs.cluster.ClusterScores;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.config.RunConfig.Evaluation;
import dev.talweg.optimizer.catalog.NearestName;
import dev.talweg.optimizer.metric.AskedMetric;
import dev.talweg.optimizer.metric.ItemCounts;
import dev.talweg.optimizer.metric.ItemMetrics;
import dev.talweg.optimizer.metric.ItemMetrics.OfItems;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.metric.Metric.Labels;
import dev.talweg.optimizer.metric.MetricOnDemand;
import dev.talweg.optimizer.metric.Metrics;
import dev.talweg.optimizer.metric.QueryMeans;
import dev.talweg.optimizer.metric.QueryMetrics;
import dev.talweg.optimizer.metric.QueryMetrics.OfQuery;
import dev.talweg.optimizer.metric.RowMetrics;
import dev.talweg.optimizer.metric.RowMetrics.OfRows;
import dev.talweg.optimizer.metric.ScoredRows;
import dev.talweg.optimizer.metric.Scores.Value;
import dev.talweg.optimizer.model.Model;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;

/** The metrics that were asked for beside those of one pass. */
record MetricsOnDemand(
    List<AskedMetric<OfRows>> ofRows,
    List<AskedMetric<OfQuery>> ofQueries,
    List<AskedMetric<OfItems>> ofItems) {

  /** Those of a configuration. */
  static MetricsOnDemand of(RunConfig config) {
    return of("evaluation.", config.evaluation(), labels(Training.labels(config)));
  }

  /** The columns of query and item, as far as they are named. */
  static List<String> columns(Evaluation evaluation) {
    return Stream.of(evaluation.query(), evaluation.item()).flatMap(Stream::ofNullable).toList();
  }

  static Labels labels(LabelKind kind) {
    return switch (kind) {
      case BINARY -> Labels.BINARY;
      case MULTICLASS -> Labels.MULTICLASS;
      case REAL, NOT_NEGATIVE, POSITIVE -> Labels.REAL;
    };
  }

  /**
   * Finds them by name.
   *
   * @param option what stands before {@code metrics}, {@code query} and {@code item} where they are
   *     written
   * @throws DataException with every name that is none of these labels', or misses its argument
   */
  static MetricsOnDemand of(String option, Evaluation evaluation, Labels labels) {
    List<MetricOnDemand<OfRows>> ofRows = of(RowMetrics.all(), labels);
    List<MetricOnDemand<OfQuery>> ofQueries = of(QueryMetrics.all(), labels);
    List<MetricOnDemand<OfItems>> ofItems = of(ItemMetrics.all(), labels);
    List<String> known =
        Stream.of(
                ofRows.stream().map(MetricOnDemand::form),
                ofQueries.stream().map(MetricOnDemand::form),
                ofItems.stream().map(MetricOnDemand::form),
                Metrics.all().stream().filter(m -> m.labels() == labels).map(Metric::name))
            .flatMap(forms -> forms)
            .distinct()
            .toList();
    String query = evaluation.query();
    String item = evaluation.item();
    MetricsOnDemand demand =
        new MetricsOnDemand(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<String> problems = new ArrayList<>();
    for (String name : evaluation.metrics()) {
      try {
        Optional<AskedMetric<OfItems>> whichItems = find(ofItems, name);
        Optional<AskedMetric<OfQuery>> withinQueries = find(ofQueries, name);
        Optional<AskedMetric<OfRows>> all =
            query != null && withinQueries.isPresent() ? Optional.empty() : find(ofRows, name);
        if (all.isPresent()) {
          demand.ofRows.add(all.get());
        } else if (withinQueries.isPresent() && query != null) {
          demand.ofQueries.add(withinQueries.get());
        } else if (withinQueries.isPresent()) {
          problems.add(
              name + ": this metric is within queries; name their column with " + option + "query");
        } else if (whichItems.isPresent() && query != null && item != null) {
          demand.ofItems.add(whichItems.get());
        } else if (whichItems.isPresent()) {
          problems.add(
              name
                  + ": this metric is of items within queries; name their columns with "
                  + option
                  + "query and "
                  + option
                  + "item");
        } else if (!known.contains(name)) {
          problems.add(
              name
                  + ": no such metric of this model"
                  + NearestName.hint(name, known)
                  + "; talweg list metrics shows all");
        }
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    if (problems.isEmpty()) {
      if (query != null && demand.ofQueries.isEmpty() && demand.ofItems.isEmpty()) {
        problems.add(unused(option, "query " + query, "within queries", "ndcg@10"));
      }
      if (item != null && demand.ofItems.isEmpty()) {
        problems.add(unused(option, "item " + item, "of items", "item-coverage@10"));
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return demand;
  }

  private static String unused(String option, String column, String what, String such) {
    return option
        + column
        + ": no metric "
        + what
        + " is asked for; add one to "
        + option
        + "metrics, such as "
        + such;
  }

  private static <M> List<MetricOnDemand<M>> of(List<MetricOnDemand<M>> all, Labels labels) {
    return all.stream().filter(metric -> metric.labels().contains(labels)).toList();
  }

  private static <M> Optional<AskedMetric<M>> find(List<MetricOnDemand<M>> all, String name) {
    return all.stream().flatMap(metric -> metric.asked(name).stream()).findFirst();
  }

  /** Those of all rows of a split. */
  List<Value> ofRows(
      SparkSession spark,
      JavaRDD<PartitionBlocks> blocks,
      ClusterScores.Split split,
      Model model,
      double[] parameters) {
    if (ofRows.isEmpty()) {
      return List.of();
    }
    Lent<double[]> lent = Lent.to(JavaSparkContext.fromSparkContext(blocks.context()), parameters);
    try {
      List<ScoredRows> rows = ClusterRows.of(spark, blocks, split, model, lent);
      return ofRows.stream()
          .map(
              metric ->
                  new Value(
                      metric.name(), metric.measure().of(rows, metric.argument()), Double.NaN))
          .toList();
    } finally {
      lent.takeBack();
    }
  }

  /**
   * Those within queries, then those of items. Rows without query, label or prediction are not
   * counted.
   *
   * @param scored the label, the margin, what it predicts, the problem, the query, and the item if
   *     there is one
   */
  List<Value> withinQueries(Dataset<Row> scored) {
    int partitions = scored.rdd().getNumPartitions(); // so that sums do not follow the cores
    boolean hasItems = scored.columns().length == 6;
    Dataset<Row> named =
        hasItems ? scored : scored.withColumn("item", functions.lit(null).cast("string"));
    JavaRDD<Row> rows =
        named
            .toDF("label", "margin", "score", "problem", "query", "item")
            .withColumn("query", comparable(named, 4, "query"))
            .withColumn("item", comparable(named, 5, "item"))
            .where("query is not null and label is not null and problem is null")
            .withColumn("row", functions.monotonically_increasing_id())
            .repartition(partitions, functions.col("query"))
            .sortWithinPartitions(
                functions.col("query"), functions.col("score").desc(), functions.col("row"))
            .select("query", "score", "label", "item")
            .javaRDD();
    Ranked all = new Ranked(new QueryMeans(ofQueries), new ItemCounts(ofItems));
    List<AskedMetric<OfQuery>> metrics = ofQueries;
    List<AskedMetric<OfItems>> whichItems = ofItems;
    rows.mapPartitions(
            part -> {
              Ranked own = new Ranked(new QueryMeans(metrics), new ItemCounts(whichItems));
              part.forEachRemaining(own::add);
              own.means.close();
              return List.of(own).iterator();
            })
        .collect()
        .forEach(all::merge);
    return Stream.concat(all.means.values().stream(), all.items.values().stream()).toList();
  }

  /** Arrays of bytes are no two alike. */
  private static Column comparable(Dataset<Row> rows, int field, String name) {
    boolean bytes = rows.schema().fields()[field].dataType() instanceof BinaryType;
    return bytes ? functions.hex(functions.col(name)) : functions.col(name);
  }

  /** What is known of ranked rows. */
  private record Ranked(QueryMeans means, ItemCounts items) implements Serializable {
    private static final long serialVersionUID = 1L;

    void add(Row row) {
      means.add(row.get(0), row.getDouble(1), row.getDouble(2));
      items.add(row.get(0), row.get(3));
    }

    void merge(Ranked other) {
      means.merge(other.means);
      items.merge(other.items);
    }
  }
}
