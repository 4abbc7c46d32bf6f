package dev.talweg.optimizer.metric;

import static dev.talweg.optimizer.metric.Metric.Labels.BINARY;
import static dev.talweg.optimizer.metric.Metric.Labels.MULTICLASS;
import static dev.talweg.optimizer.metric.Metric.Labels.REAL;
import static dev.talweg.optimizer.metric.Metric.Sense.LARGER_IS_BETTER;
import static dev.talweg.optimizer.metric.Metric.Sense.SMALLER_IS_BETTER;

import dev.talweg.optimizer.metric.Metric.Labels;
import dev.talweg.optimizer.metric.Metric.Sense;
import dev.talweg.optimizer.metric.MetricOnDemand.Argument;
import java.util.List;
import java.util.Set;

/** The metrics on demand of all rows, with the definitions of scikit-learn and SciPy. */
public final class RowMetrics {
  private static final String PASS = "a pass";
  private static final String SORT = "a sort by the prediction";
  private static final String SORT_EACH = "a sort for each class";
  private static final int ROWS_OF_BUCKET = 1 << 16;

  private static final List<MetricOnDemand<OfRows>> ALL =
      List.of(
          binary(
              "precision",
              Argument.ROWS,
              LARGER_IS_BETTER,
              "share of class 1 in the rows of highest probability",
              (rows, top) -> TopRows.of(rows, (long) top).precision()),
          binary(
              "recall",
              Argument.ROWS,
              LARGER_IS_BETTER,
              "share of class 1 that is among the rows of highest probability",
              (rows, top) -> TopRows.of(rows, (long) top).recall()),
          binary(
              "lift",
              Argument.ROWS,
              LARGER_IS_BETTER,
              "share of class 1 in the rows of highest probability, as a multiple of that in all",
              (rows, top) -> TopRows.of(rows, (long) top).lift()),
          binary(
              "ece-equal-mass",
              Argument.GROUPS,
              SMALLER_IS_BETTER,
              "mean distance of predicted and observed over groups of as many rows each",
              (rows, groups) -> EqualMass.of(rows, (int) groups).mean()),
          binary(
              "mce-equal-mass",
              Argument.GROUPS,
              SMALLER_IS_BETTER,
              "largest distance of predicted and observed in groups of as many rows each",
              (rows, groups) -> EqualMass.of(rows, (int) groups).largest()),
          classes(
              "macro-auc-ovr",
              "mean area of each class against all others",
              ClassAreas::macroOneVersusRest),
          classes(
              "weighted-auc-ovr",
              "mean area of each class against all others, by weight of the class",
              ClassAreas::weightedOneVersusRest),
          classes(
              "macro-auc-ovo", "mean area over pairs of classes", ClassAreas::macroOneVersusOne),
          classes(
              "weighted-auc-ovo",
              "mean area over pairs of classes, by weight of the pair",
              ClassAreas::weightedOneVersusOne),
          real(
              "median-ae",
              Argument.NONE,
              SMALLER_IS_BETTER,
              "a sort by the residual",
              "median absolute error",
              (rows, none) ->
                  WeightedQuantile.of(rows, row -> Math.abs(row.label() - row.score()), 0.5)),
          real(
              "d2-absolute",
              Argument.NONE,
              LARGER_IS_BETTER,
              "a sort by the label",
              "share explained of the mean absolute error of the median label",
              (rows, none) -> Pinball.explained(rows, 0.5)),
          real(
              "d2-pinball",
              Argument.SHARE,
              LARGER_IS_BETTER,
              "a sort by the label",
              "share explained of the pinball loss of that quantile of the labels",
              Pinball::explained),
          real(
              "tweedie-deviance",
              Argument.POWER,
              SMALLER_IS_BETTER,
              PASS,
              "mean deviance of variance μ^POWER: 0 is the squared error, 1 Poisson, 2 gamma, 3"
                  + " inverse Gaussian",
              (rows, power) ->
                  MeanOf.of(rows, row -> TweedieDeviance.of(row.label(), row.score(), power))
                      .mean()),
          real(
              "spearman",
              Argument.NONE,
              LARGER_IS_BETTER,
              "four sorts",
              "correlation of the ranks of labels and predictions, without weights",
              (rows, none) -> Spearman.of(rows)),
          real(
              "kendall",
              Argument.NONE,
              LARGER_IS_BETTER,
              "five sorts",
              "pairs of rows in the right order less those in the wrong one (τ-b), without weights",
              (rows, none) -> KendallTau.of(rows, ROWS_OF_BUCKET)));

  private RowMetrics() {}

  /** All of them. */
  public static List<MetricOnDemand<OfRows>> all() {
    return ALL;
  }

  /** How a metric is measured. */
  public interface OfRows {
    /**
     * Its value.
     *
     * @param rows one for each class where there are more than two, else one
     */
    double of(List<ScoredRows> rows, double argument);
  }

  private interface OfPrediction {
    double of(ScoredRows rows, double argument);
  }

  private interface OfAreas {
    double of(ClassAreas areas);
  }

  private static MetricOnDemand<OfRows> binary(
      String name, Argument argument, Sense sense, String summary, OfPrediction measure) {
    return of(name, argument, BINARY, sense, SORT, summary, measure);
  }

  private static MetricOnDemand<OfRows> real(
      String name,
      Argument argument,
      Sense sense,
      String needs,
      String summary,
      OfPrediction measure) {
    return of(name, argument, REAL, sense, needs, summary, measure);
  }

  private static MetricOnDemand<OfRows> of(
      String name,
      Argument argument,
      Labels labels,
      Sense sense,
      String needs,
      String summary,
      OfPrediction measure) {
    return new MetricOnDemand<>(
        name,
        argument,
        Set.of(labels),
        sense,
        needs,
        summary,
        (rows, value) -> measure.of(rows.get(0), value));
  }

  private static MetricOnDemand<OfRows> classes(String name, String summary, OfAreas measure) {
    return new MetricOnDemand<>(
        name,
        Argument.NONE,
        Set.of(MULTICLASS),
        LARGER_IS_BETTER,
        SORT_EACH,
        summary,
        (rows, none) -> measure.of(new ClassAreas(rows)));
  }
}
