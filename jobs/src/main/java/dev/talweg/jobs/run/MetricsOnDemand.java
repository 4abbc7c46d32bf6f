package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.datasets.LabelKind;
import dev.talweg.datasets.Lent;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.jobs.cluster.ClusterRows;
import dev.talweg.jobs.cluster.ClusterScores;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.catalog.NearestName;
import dev.talweg.optimizer.metric.AskedMetric;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.jspecify.annotations.Nullable;

/** The metrics that were asked for beside those of one pass. */
record MetricsOnDemand(List<AskedMetric<OfRows>> ofRows, List<AskedMetric<OfQuery>> ofQueries) {

  /** Those of a configuration. */
  static MetricsOnDemand of(RunConfig config) {
    return of(
        "evaluation.",
        config.evaluation().metrics(),
        config.evaluation().query(),
        labels(Training.labels(config)));
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
   * @param option what stands before {@code metrics} and {@code query} where they are written
   * @param query the column that says which query a row is of; null where there is none
   * @throws DataException with every name that is none of these labels', or misses its argument
   */
  static MetricsOnDemand of(
      String option, List<String> names, @Nullable String query, Labels labels) {
    List<MetricOnDemand<OfRows>> ofRows = of(RowMetrics.all(), labels);
    List<MetricOnDemand<OfQuery>> ofQueries = of(QueryMetrics.all(), labels);
    List<String> known =
        Stream.of(
                ofRows.stream().map(MetricOnDemand::form),
                ofQueries.stream().map(MetricOnDemand::form),
                Metrics.all().stream().filter(m -> m.labels() == labels).map(Metric::name))
            .flatMap(forms -> forms)
            .distinct()
            .toList();
    MetricsOnDemand demand = new MetricsOnDemand(new ArrayList<>(), new ArrayList<>());
    List<String> problems = new ArrayList<>();
    for (String name : names) {
      try {
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
    if (query != null && problems.isEmpty() && demand.ofQueries.isEmpty()) {
      problems.add(
          option
              + "query "
              + query
              + ": no metric within queries is asked for; add one to "
              + option
              + "metrics, such as ndcg@10");
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return demand;
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
   * Those within queries. Rows without query, label or prediction are not counted.
   *
   * @param scored the query, the label, the margin, what it predicts, and the problem
   */
  List<Value> withinQueries(Dataset<Row> scored) {
    int partitions = scored.rdd().getNumPartitions(); // so that sums do not follow the cores
    boolean bytes = scored.schema().fields()[0].dataType() instanceof BinaryType;
    JavaRDD<Row> rows =
        scored
            .toDF("query", "label", "margin", "score", "problem")
            // arrays of bytes are no two alike
            .withColumn(
                "query", bytes ? functions.hex(functions.col("query")) : functions.col("query"))
            .where("query is not null and label is not null and problem is null")
            .withColumn("row", functions.monotonically_increasing_id())
            .repartition(partitions, functions.col("query"))
            .sortWithinPartitions(
                functions.col("query"), functions.col("score").desc(), functions.col("row"))
            .select("query", "score", "label")
            .javaRDD();
    List<AskedMetric<OfQuery>> metrics = ofQueries;
    QueryMeans means = new QueryMeans(metrics);
    rows.mapPartitions(
            part -> {
              QueryMeans own = new QueryMeans(metrics);
              part.forEachRemaining(row -> own.add(row.get(0), row.getDouble(1), row.getDouble(2)));
              own.close();
              return List.of(own).iterator();
            })
        .collect()
        .forEach(means::merge);
    return means.values();
  }
}
