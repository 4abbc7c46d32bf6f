package dev.talweg.jobs.run;

import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.PartitionBlocks;
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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How good a model is on each split that has rows.
 *
 * @param bySplit train, validation and test, in that order
 */
record Evaluations(Map<String, Scores> bySplit) {

  static Evaluations of(Ingested data, Model model, double[] parameters) {
    Map<String, Scores> bySplit = new LinkedHashMap<>();
    if (data.report().trainRows() > 0) {
      bySplit.put(
          "train", ClusterScores.of(data.blocks(), PartitionBlocks::train, model, parameters));
    }
    if (data.report().validationRows() > 0) {
      bySplit.put(
          "validation",
          ClusterScores.of(data.blocks(), PartitionBlocks::validation, model, parameters));
    }
    if (data.report().testRows() > 0) {
      bySplit.put(
          "test", ClusterScores.of(data.blocks(), PartitionBlocks::test, model, parameters));
    }
    return new Evaluations(bySplit);
  }

  /** The metric's values by split, then by name. */
  Map<String, Map<String, Double>> values() {
    Map<String, Map<String, Double>> values = new LinkedHashMap<>();
    bySplit.forEach(
        (split, scores) -> {
          Map<String, Double> byName = new LinkedHashMap<>();
          scores.values().forEach(value -> byName.put(value.metric(), value.value()));
          values.put(split, byName);
        });
    return values;
  }

  /**
   * The metric that is looked at while optimizing.
   *
   * @param measure its value on the validation rows at some parameters; NaN where there are none
   */
  record Watched(Metric metric, boolean available, ToDoubleFunction<double[]> measure) {
    Patience.Better better() {
      return metric.sense() == Metric.Sense.SMALLER_IS_BETTER
          ? Patience.Better.SMALLER
          : Patience.Better.LARGER;
    }
  }

  private static Optional<PointwiseLoss> ofMargin(Model model) {
    if (model instanceof Net net && net.head() instanceof Head.OfMargin head) {
      return Optional.of(head.loss());
    }
    return model instanceof LinearModel linear ? Optional.of(linear.loss()) : Optional.empty();
  }

  static Watched watched(RunConfig config, Ingested data, Model model) {
    Metric.Labels labels = model.scores().labels();
    RunConfig.Patience patience = config.stopping().patience();
    Metric metric =
        Metrics.all().stream()
            .filter(m -> patience != null && m.name().equals(patience.metric()))
            .min(Comparator.comparing(m -> m.labels() != labels)) // of one name, these labels'
            .orElse(
                ofMargin(model).map(Metrics::standard).orElseGet(() -> Metrics.standard(labels)));
    if (data.report().validationRows() == 0) {
      return new Watched(metric, false, parameters -> Double.NaN);
    }
    return new Watched(
        metric,
        true,
        parameters ->
            ClusterScores.of(data.blocks(), PartitionBlocks::validation, model, parameters)
                .value(metric.name())
                .map(Scores.Value::value)
                .orElse(Double.NaN));
  }
}
