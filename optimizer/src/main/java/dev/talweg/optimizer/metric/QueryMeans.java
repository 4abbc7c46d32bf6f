package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.QueryMetrics.OfQuery;
import dev.talweg.optimizer.metric.Scores.Value;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Means over queries, of rows that come one query after the other and in each from the highest
 * score down. One query is held at a time.
 */
public final class QueryMeans implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<AskedMetric<OfQuery>> metrics;
  private final List<Mean> means = new ArrayList<>();
  private long queries;
  private transient @Nullable Object current;
  private transient double[] scores = new double[64];
  private transient double[] relevance = new double[64];
  private transient int rows;

  /** Means over no queries. */
  public QueryMeans(List<AskedMetric<OfQuery>> metrics) {
    this.metrics = metrics;
    metrics.forEach(metric -> means.add(new Mean()));
  }

  /**
   * Adds the next row.
   *
   * @param query any value that tells queries apart
   */
  public void add(Object query, double score, double label) {
    if (!Objects.equals(query, current)) {
      close();
      current = query;
    }
    if (rows == scores.length) {
      scores = Arrays.copyOf(scores, Math.multiplyExact(2, rows));
      relevance = Arrays.copyOf(relevance, scores.length);
    }
    scores[rows] = score;
    relevance[rows++] = label;
  }

  /** Ends the last query. */
  public void close() {
    if (rows > 0) {
      RankedQuery query =
          new RankedQuery(Arrays.copyOf(scores, rows), Arrays.copyOf(relevance, rows));
      for (int k = 0; k < means.size(); k++) {
        AskedMetric<OfQuery> metric = metrics.get(k);
        double value = metric.measure().of(query, (int) metric.argument());
        if (!Double.isNaN(value)) {
          means.get(k).add(value, metric.measure().weight(query));
        }
      }
      queries++;
      rows = 0;
    }
  }

  /** Adds other queries, after both have been closed. */
  public void merge(QueryMeans other) {
    for (int k = 0; k < means.size(); k++) {
      means.get(k).merge(other.means.get(k));
    }
    queries += other.queries;
  }

  /** How many have been closed. */
  public long queries() {
    return queries;
  }

  /** The metrics in the order in which they were asked for. */
  public List<Value> values() {
    List<Value> values = new ArrayList<>();
    for (int k = 0; k < means.size(); k++) {
      Mean mean = means.get(k);
      values.add(new Value(metrics.get(k).name(), mean.mean(), mean.standardError()));
    }
    return values;
  }
}
