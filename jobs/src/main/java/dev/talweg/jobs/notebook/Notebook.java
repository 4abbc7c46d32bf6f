package dev.talweg.jobs.notebook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.datasets.DataException;
import dev.talweg.datasets.Frames;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.config.RunConfig.Evaluation;
import dev.talweg.jobs.config.Secrets;
import dev.talweg.jobs.run.Failure;
import dev.talweg.jobs.run.Prediction;
import dev.talweg.jobs.run.RunOptions;
import dev.talweg.jobs.run.TrainingRun;
import dev.talweg.jobs.run.Version;
import dev.talweg.optimizer.metric.Scores;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Training, predicting and evaluating on DataFrames, in the plain types that cross from the JVM to
 * Python: texts, maps, lists, DataFrames; what has a structure is JSON.
 */
public final class Notebook {
  /** The view that {@code predict} and {@code evaluate} read. */
  private static final String ROWS = "dataframe";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession spark;

  public Notebook(SparkSession spark) {
    this.spark = spark;
  }

  /** Of this jar. */
  public static String version() {
    return Version.current();
  }

  /** What was thrown, with its stack trace, as JSON. */
  public static String failure(Throwable thrown) {
    return json(told(Failure.of(thrown), thrown, Secrets::masked));
  }

  /**
   * @param masked a text as it may be shown
   */
  static Map<String, Object> told(Failure failure, Throwable thrown, UnaryOperator<String> masked) {
    Failure shown = failure.shown(masked);
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return Map.of(
        "kind", shown.kind().name().toLowerCase(Locale.ROOT),
        "problems", shown.problems(),
        "says", shown.says(),
        "trace", masked.apply(trace.toString()));
  }

  static String json(Object plain) {
    try {
      return JSON.writeValueAsString(plain);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values are always written", e);
    }
  }

  /**
   * Begins a run.
   *
   * @param configuration as JSON, with the keys of the YAML
   * @param frames by the names that {@code data.table} and the splits' {@code table} have in it
   * @param start fresh or resume
   * @param existing refuse, replace or skip
   * @throws dev.talweg.jobs.config.ConfigException with every problem of the configuration
   */
  public BackgroundRun train(
      String configuration, Map<String, Dataset<Row>> frames, String start, String existing) {
    RunConfig config = ConfigReader.read("talweg.train", configuration);
    RunOptions options =
        new RunOptions(
            RunOptions.Start.valueOf(start.toUpperCase(Locale.ROOT)),
            RunOptions.Existing.valueOf(existing.toUpperCase(Locale.ROOT)));
    return BackgroundRun.begin(Frames.session(spark, frames), config, options);
  }

  /**
   * What {@code check} says of a configuration: the lines, then the configuration as resolved.
   *
   * @throws DataException with every problem that the data's schema shows
   */
  public String check(String configuration, Map<String, Dataset<Row>> frames) {
    RunConfig config = ConfigReader.read("talweg.check", configuration);
    List<String> lines = TrainingRun.check(Frames.session(spark, frames), config);
    return String.join("\n", lines) + "\n\n" + config.toYaml();
  }

  /** The {@code run.json} of a finished run. */
  public String summary(String run) {
    return TrainingRun.summary(spark, run).toJson();
  }

  /**
   * Scores rows as they are asked for: the columns that are kept, then those of the prediction.
   *
   * @param keep columns; null for those that the model names as keys
   */
  public Dataset<Row> predict(String model, Dataset<Row> rows, @Nullable List<String> keep) {
    Dataset<Row> scores =
        Prediction.score(
            Frames.session(spark, Map.of(ROWS, rows)),
            model,
            new Prediction.Source(ROWS),
            Optional.ofNullable(keep));
    return Frames.moved(spark, scores);
  }

  /**
   * The metrics of a model on labelled rows, as JSON.
   *
   * @param more metrics that are computed on demand
   * @param query the column of the queries that rows are of; null where there is none
   * @param item the column of the items that rows are; null where there is none
   */
  public String evaluate(
      String model,
      Dataset<Row> rows,
      List<String> more,
      @Nullable String query,
      @Nullable String item) {
    List<String> notes = new ArrayList<>();
    Prediction.Evaluated evaluated =
        Prediction.evaluate(
            Frames.session(spark, Map.of(ROWS, rows)),
            model,
            new Prediction.Source(ROWS),
            new Evaluation(more, query, item),
            notes::add);
    Map<String, Double> metrics = new LinkedHashMap<>();
    Map<String, Double> errors = new LinkedHashMap<>();
    for (Scores.Value value : evaluated.values()) {
      metrics.put(value.metric(), value.value());
      if (!Double.isNaN(value.standardError())) {
        errors.put(value.metric(), value.standardError());
      }
    }
    return json(
        Map.of(
            "rows",
            evaluated.scores().rows(),
            "metrics",
            metrics,
            "standard_errors",
            errors,
            "notes",
            notes));
  }
}
