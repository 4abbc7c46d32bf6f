package dev.talweg.jobs.run;

import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.datasets.Scoring;
import dev.talweg.datasets.SplitSpec;
import dev.talweg.jobs.cluster.ClusterScores;
import dev.talweg.jobs.config.RunConfig.Evaluation;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/** Uses a saved model on new data: predictions as a table, or metrics. */
public final class Prediction {
  private Prediction() {}

  /**
   * Data to use a model on.
   *
   * @param table instead of paths, null where there are some
   * @param format null means by the extension
   * @param options passed to Spark's reader
   */
  public record Source(
      List<String> paths,
      @Nullable String table,
      @Nullable String format,
      Map<String, String> options) {

    /** Files. */
    public Source(List<String> paths, @Nullable String format, Map<String, String> options) {
      this(paths, null, format, options);
    }

    /** A table or a view. */
    public Source(String table) {
      this(List.of(), table, null, Map.of());
    }

    DataSpec of(SavedModel model) {
      return of(model, model.keys());
    }

    DataSpec of(SavedModel model, List<String> keys) {
      return new DataSpec(
          paths,
          table,
          format,
          options,
          new DataSpec.Label(model.label(), model.positive()),
          model.weight(),
          keys,
          List.of(),
          null,
          new SplitSpec.None(),
          new SplitSpec.None(),
          DataSpec.BadRows.QUARANTINE,
          1.0,
          model.offset());
    }
  }

  /**
   * What was written.
   *
   * @param unscored rows that have a problem and no prediction; they are in the table all the same
   */
  public record Written(long rows, long unscored, String output) {}

  /** Writes a directory of Parquet with one row per row of the source, published in one step. */
  public static Written predict(
      SparkSession spark, String run, Source source, String output, RunOptions options) {
    SavedModel model = SavedModel.load(spark, run);
    RunDirectory directory =
        RunDirectory.of(output, spark.sparkContext().hadoopConfiguration(), options.attempt());
    if (directory.isPublished()) {
      return counted(spark, directory.output(), directory);
    }
    directory.prepare(options);
    Dataset<Row> scored =
        Scoring.score(spark, source.of(model), model.encoding(), 0, model.scorer());
    Path staging = directory.emptyStaging();
    scored.write().mode("overwrite").parquet(staging.toString());
    Written written = counted(spark, staging, directory);
    directory.publish();
    return written;
  }

  /**
   * The same rows as they are asked for, nothing is written.
   *
   * @param keys columns that are copied; empty for those that the model names
   */
  public static Dataset<Row> score(
      SparkSession spark, String run, Source source, Optional<List<String>> keys) {
    SavedModel model = SavedModel.load(spark, run);
    DataSpec data = source.of(model, keys.orElse(model.keys()));
    return Scoring.score(spark, data, model.encoding(), 0, model.scorer());
  }

  private static Written counted(SparkSession spark, Path scores, RunDirectory directory) {
    Row counts =
        spark
            .read()
            .parquet(scores.toString())
            .agg(functions.count(functions.lit(1)), functions.count("problem"))
            .first();
    return new Written(counts.getLong(0), counts.getLong(1), directory.name());
  }

  /**
   * How good a model is on labelled data.
   *
   * @param asked the metrics on demand, those within queries first
   */
  public record Evaluated(Scores scores, List<Scores.Value> asked) {
    /** All metrics. */
    public List<Scores.Value> values() {
      return Stream.concat(scores.values().stream(), asked.stream()).toList();
    }
  }

  /**
   * The metrics of a model on labelled data.
   *
   * @param more of them, which are computed on demand
   */
  public static Evaluated evaluate(
      SparkSession spark, String run, Source source, Evaluation more, Consumer<String> log) {
    SavedModel saved = SavedModel.load(spark, run);
    Model model = saved.model();
    MetricsOnDemand demand = MetricsOnDemand.of("--", more, model.scores().labels());
    List<Scores.Value> asked = new ArrayList<>();
    List<String> of = MetricsOnDemand.columns(more); // which must be there
    List<String> keys = of.isEmpty() ? saved.keys() : of.stream().distinct().toList();
    DataSpec labelled = source.of(saved, keys);
    try (Ingested data = Ingest.encode(spark, labelled, saved.encoding(), saved.labels(), 0, log)) {
      if (!of.isEmpty()) {
        Dataset<Row> scored = data.predictions(saved.scorer());
        asked.addAll(demand.withinQueries(Evaluations.ofSplit("test", of, keys, scored)));
      }
      Scores scores =
          ClusterScores.of(data.blocks(), PartitionBlocks::test, model, saved.parameters());
      asked.addAll(
          demand.ofRows(spark, data.blocks(), PartitionBlocks::test, model, saved.parameters()));
      return new Evaluated(scores, asked);
    }
  }
}
