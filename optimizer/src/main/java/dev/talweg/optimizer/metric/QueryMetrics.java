package dev.talweg.optimizer.metric;

import static dev.talweg.optimizer.metric.Metric.Labels.BINARY;
import static dev.talweg.optimizer.metric.Metric.Labels.REAL;

import dev.talweg.optimizer.metric.Metric.Sense;
import dev.talweg.optimizer.metric.MetricOnDemand.Argument;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/**
 * The metrics on demand within queries: means over queries, in which one without relevant rows
 * counts as 0, without weights.
 */
public final class QueryMetrics {
  private static final List<MetricOnDemand<OfQuery>> ALL =
      List.of(
          of(
              "ndcg",
              Argument.ROWS_OR_ALL,
              "discounted cumulative gain as a share of that of the best order; the gain is the"
                  + " label, ties share theirs",
              (query, rows) -> query.ndcg(rows, label -> label)),
          of(
              "ndcg-exponential",
              Argument.ROWS_OR_ALL,
              "the same with the gain 2^label − 1",
              (query, rows) -> query.ndcg(rows, label -> StrictMath.pow(2, label) - 1)),
          of(
              "dcg",
              Argument.ROWS_OR_ALL,
              "Σ label/log2(place + 1)",
              (query, rows) -> query.dcg(rows, label -> label)),
          of(
              "map",
              Argument.ROWS_OR_ALL,
              "mean precision at the relevant rows, of at most ROWS (Spark's)",
              RankedQuery::averagePrecision),
          of(
              "map-cut",
              Argument.ROWS,
              "the same of all relevant rows, also of those below (trec_eval's)",
              RankedQuery::cutPrecision),
          of(
              "precision",
              Argument.ROWS,
              "share of the first rows that is relevant",
              RankedQuery::precision),
          of(
              "recall",
              Argument.ROWS,
              "share of the relevant rows that is among the first",
              RankedQuery::recall),
          of(
              "hit-rate",
              Argument.ROWS,
              "share of queries with a relevant row among the first",
              RankedQuery::hitRate),
          of(
              "mrr",
              Argument.ROWS_OR_ALL,
              "one by the place of the first relevant row",
              RankedQuery::reciprocalRank),
          of(
              "r-precision",
              Argument.NONE,
              "precision of as many rows as are relevant",
              (query, rows) -> query.precisionOfRelevant()),
          of(
              "bpref",
              Argument.NONE,
              "share of the other rows that are below a relevant one (trec_eval's)",
              (query, rows) -> query.binaryPreference()),
          of(
              "grouped-auc",
              Argument.NONE,
              "area under the ROC curve of each query, by its rows",
              new Area()));

  private QueryMetrics() {}

  /** All of them. */
  public static List<MetricOnDemand<OfQuery>> all() {
    return ALL;
  }

  /** How a metric of one query is measured. */
  public interface OfQuery extends Serializable {
    /** NaN where the query does not count. */
    double of(RankedQuery query, int rows);

    /** How much the query counts. */
    default double weight(RankedQuery query) {
      return 1;
    }
  }

  private record Area() implements OfQuery {
    private static final long serialVersionUID = 1L;

    @Override
    public double of(RankedQuery query, int rows) {
      return query.area();
    }

    @Override
    public double weight(RankedQuery query) {
      return query.rows();
    }
  }

  private static MetricOnDemand<OfQuery> of(
      String name, Argument argument, String summary, OfQuery measure) {
    return new MetricOnDemand<>(
        name,
        argument,
        Set.of(BINARY, REAL),
        Sense.LARGER_IS_BETTER,
        "a sort by query and prediction",
        summary,
        measure);
  }
}
