package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.LabelKind;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.jobs.cluster.ClusterScores;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.metric.Metrics;
import dev.talweg.optimizer.metric.Scores;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Holds a model against an earlier one before it is published: both on the rows that this run holds
 * out, read as each of them wants.
 *
 * <p>The earlier model is measured before anything is optimized, so that data it cannot be used on
 * is known after seconds. It may have seen rows that are held out today; then it looks better than
 * it is, and the guard is the stricter.
 *
 * @param reference the earlier run
 * @param earlier its value of the metric
 */
record PromotionGuard(
    Metric metric, String split, long rows, double tolerance, String reference, double earlier) {

  /**
   * Refuses a metric that the model has none of.
   *
   * @throws DataException with those it has
   */
  static Metric metric(RunConfig.Promotion promote, LabelKind kind) {
    Metric.Labels labels = MetricsOnDemand.labels(kind);
    List<Metric> known = Metrics.all().stream().filter(m -> m.labels() == labels).toList();
    return known.stream()
        .filter(metric -> metric.name().equals(promote.metric()))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "promote.metric: "
                        + promote.metric()
                        + " is not measured of this model; choose one of "
                        + String.join(", ", known.stream().map(Metric::name).toList())));
  }

  /** Measures the earlier model on the rows that are held out of {@code data}. */
  static PromotionGuard of(
      SparkSession spark,
      RunConfig config,
      RunConfig.Promotion promote,
      String reference,
      Ingested data) {
    LabelKind kind = Training.labels(config);
    Metric metric = metric(promote, kind);
    SavedModel model = SavedModel.load(spark, reference);
    if (model.labels() != kind) {
      throw incomparable(reference, "it has labels of another kind than this model");
    }
    String split = data.report().testRows() > 0 ? "test" : "validation";
    int partitions = config.partitions() == null ? 0 : config.partitions().intValue();
    try (Ingested same =
        Ingest.encodeSplits(
            spark, config.data(), model.encoding(), kind, config.seed(), partitions)) {
      Scores scores =
          split.equals("test")
              ? ClusterScores.of(
                  same.blocks(), PartitionBlocks::test, model.model(), model.parameters())
              : ClusterScores.of(
                  same.blocks(), PartitionBlocks::validation, model.model(), model.parameters());
      double value = value(scores, metric);
      if (Double.isNaN(value)) {
        throw incomparable(reference, "its " + metric.name() + " cannot be measured here");
      }
      return new PromotionGuard(
          metric, split, scores.rows(), promote.tolerance(), reference, value);
    }
  }

  private static DataException incomparable(String reference, String why) {
    return new DataException(
        "reference "
            + reference
            + ": "
            + why
            + "; name another run, or publish without comparison: --set promote=null");
  }

  private static double value(Scores scores, Metric metric) {
    return scores.value(metric.name()).map(Scores.Value::value).orElse(Double.NaN);
  }

  /** Whether the model that was trained may take the earlier one's place. */
  RunSummary.Promotion judge(Evaluations evaluations) {
    double value =
        Optional.ofNullable(evaluations.bySplit().get(split))
            .map(scores -> value(scores, metric))
            .orElse(Double.NaN);
    double worse =
        metric.sense() == Metric.Sense.LARGER_IS_BETTER ? earlier - value : value - earlier;
    boolean published = worse <= tolerance; // not so of a NaN
    String compared =
        String.format(
            Locale.ROOT,
            "%s %.6f on %,d %s rows, %.6f of %s on the same",
            metric.name(),
            value,
            rows,
            split,
            earlier,
            reference);
    return new RunSummary.Promotion(
        metric.name(),
        split,
        rows,
        tolerance,
        reference,
        earlier,
        value,
        published,
        published
            ? compared
            : compared
                + String.format(
                    Locale.ROOT, ": worse by more than promote.tolerance %s", tolerance));
  }
}
