package dev.talweg.jobs.run;

import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.datasets.Scorer;
import dev.talweg.jobs.cluster.ClusterScores;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.metric.Metrics;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Net;
import dev.talweg.optimizer.stopping.Patience;
import dev.talweg.optimizer.stopping.Termination;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * How good a model is on each split that has rows.
 *
 * @param bySplit train, validation and test, in that order
 * @param onDemand what was asked for beside, of the rows that are held out, or of those of training
 *     where none are
 */
record Evaluations(Map<String, Scores> bySplit, Map<String, List<Scores.Value>> onDemand) {

  /** A failed run has no metrics on demand. */
  static Evaluations of(
      SparkSession spark,
      RunConfig config,
      Ingested data,
      Model model,
      Optimizing.Outcome outcome) {
    double[] parameters = outcome.parameters();
    Map<String, ClusterScores.Split> splits = new LinkedHashMap<>();
    if (data.report().trainRows() > 0) {
      splits.put("train", PartitionBlocks::train);
    }
    if (data.report().validationRows() > 0) {
      splits.put("validation", PartitionBlocks::validation);
    }
    if (data.report().testRows() > 0) {
      splits.put("test", PartitionBlocks::test);
    }
    Map<String, Scores> bySplit = new LinkedHashMap<>();
    splits.forEach(
        (name, split) ->
            bySplit.put(name, ClusterScores.of(data.blocks(), split, model, parameters)));
    Map<String, List<Scores.Value>> onDemand = new LinkedHashMap<>();
    if (splits.size() > 1) {
      splits.remove("train");
    }
    if (outcome.termination() instanceof Termination.Failed) {
      splits.clear();
    }
    MetricsOnDemand demand = MetricsOnDemand.of(config);
    splits.forEach(
        (name, split) -> {
          List<Scores.Value> values =
              new ArrayList<>(demand.ofRows(spark, data.blocks(), split, model, parameters));
          List<String> of = MetricsOnDemand.columns(config.evaluation());
          if (!of.isEmpty()) {
            Scorer scorer = SavedModel.of(config, data, parameters).scorer();
            values.addAll(
                demand.withinQueries(
                    ofSplit(name, of, config.data().keys(), data.predictions(scorer))));
          }
          onDemand.put(name, values);
        });
    return new Evaluations(bySplit, onDemand);
  }

  /** The label, the margin, what it predicts, the problem and some keys of a split's rows. */
  static Dataset<Row> ofSplit(
      String name, List<String> some, List<String> keys, Dataset<Row> predictions) {
    List<String> columns = new ArrayList<>(List.of("split"));
    for (int k = 0; k < keys.size(); k++) {
      columns.add("key-" + k);
    }
    List<String> scored = List.of("label", "margin", "score", "problem");
    columns.addAll(scored);
    List<String> chosen = new ArrayList<>(scored);
    some.forEach(key -> chosen.add("key-" + keys.indexOf(key)));
    return predictions
        .toDF(columns.toArray(String[]::new))
        .where(functions.col("split").equalTo(name))
        .select(chosen.stream().map(functions::col).toArray(Column[]::new));
  }

  /** All metrics of a split. */
  List<Scores.Value> of(String split) {
    List<Scores.Value> values = new ArrayList<>();
    Optional.ofNullable(bySplit.get(split)).ifPresent(scores -> values.addAll(scores.values()));
    values.addAll(onDemand.getOrDefault(split, List.of()));
    return values;
  }

  /** The metric's values by split, then by name. */
  Map<String, Map<String, Double>> values() {
    Map<String, Map<String, Double>> values = new LinkedHashMap<>();
    for (String split : bySplit.keySet()) {
      Map<String, Double> byName = new LinkedHashMap<>();
      of(split).forEach(value -> byName.put(value.metric(), value.value()));
      values.put(split, byName);
    }
    return values;
  }

  /**
   * The metric that is looked at while optimizing.
   *
   * @param name what it is of, and its own
   */
  record Watched(Metric metric, String name, boolean available, Measure measure) {
    Patience.Better better() {
      return metric.sense() == Metric.Sense.SMALLER_IS_BETTER
          ? Patience.Better.SMALLER
          : Patience.Better.LARGER;
    }
  }

  /** How what is watched is measured. */
  interface Measure {
    /**
     * Its value; NaN where there is none.
     *
     * @param parameters where the run is
     * @param objective the mean of the steps of the last epoch
     */
    double of(double[] parameters, double objective);
  }

  private static final Metric OBJECTIVE =
      new Metric(
          RunConfig.Patience.OBJECTIVE,
          Metric.Labels.REAL,
          Metric.Sense.SMALLER_IS_BETTER,
          "mean objective of the steps of an epoch");

  private static Optional<PointwiseLoss> ofMargin(Model model) {
    if (model instanceof Net net && net.head() instanceof Head.OfMargin head) {
      return Optional.of(head.loss());
    }
    return model instanceof LinearModel linear ? Optional.of(linear.loss()) : Optional.empty();
  }

  static Watched watched(RunConfig config, Ingested data, Model model) {
    Metric.Labels labels = model.scores().labels();
    RunConfig.Patience patience = config.stopping().patience();
    if (patience != null && !patience.validates()) {
      String name = "mean objective of an epoch";
      return new Watched(OBJECTIVE, name, true, (parameters, objective) -> objective);
    }
    Metric metric =
        Metrics.all().stream()
            .filter(m -> patience != null && m.name().equals(patience.metric()))
            .min(Comparator.comparing(m -> m.labels() != labels)) // of one name, these labels'
            .orElse(
                ofMargin(model).map(Metrics::standard).orElseGet(() -> Metrics.standard(labels)));
    String name = "validation " + metric.name();
    if (data.report().validationRows() == 0) {
      return new Watched(metric, name, false, (parameters, objective) -> Double.NaN);
    }
    return new Watched(
        metric,
        name,
        true,
        (parameters, objective) ->
            ClusterScores.of(data.blocks(), PartitionBlocks::validation, model, parameters)
                .value(metric.name())
                .map(Scores.Value::value)
                .orElse(Double.NaN));
  }
}
