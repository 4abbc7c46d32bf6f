package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.ItemMetrics.OfItems;
import dev.talweg.optimizer.metric.Scores.Value;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How often items are among the first rows of queries, of rows that come one query after the other
 * and in each from the highest score down. A number for each item and metric is held.
 */
public final class ItemCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<AskedMetric<OfItems>> metrics;
  private final Map<Object, long[]> counts = new HashMap<>();
  private transient @Nullable Object current;
  private transient int place;

  /** Of no rows. */
  public ItemCounts(List<AskedMetric<OfItems>> metrics) {
    this.metrics = metrics;
  }

  /**
   * Adds the next row.
   *
   * @param query any value that tells queries apart
   * @param item the same of items; null for a row that has a place and is no item
   */
  public void add(Object query, @Nullable Object item) {
    place = Objects.equals(query, current) ? place + 1 : 0;
    current = query;
    if (item == null) {
      return;
    }
    long[] own = counts.computeIfAbsent(item, i -> new long[metrics.size()]);
    for (int k = 0; k < own.length; k++) {
      own[k] += place < metrics.get(k).argument() ? 1 : 0;
    }
  }

  /** Adds the rows of other queries. */
  public void merge(ItemCounts other) {
    other.counts.forEach((item, more) -> counts.merge(item, more, ItemCounts::sum));
  }

  private static long[] sum(long[] counts, long[] more) {
    for (int k = 0; k < counts.length; k++) {
      counts[k] += more[k];
    }
    return counts;
  }

  /** The metrics in the order in which they were asked for; no number where there are no items. */
  public List<Value> values() {
    List<Value> values = new ArrayList<>();
    for (int k = 0; k < metrics.size(); k++) {
      int metric = k;
      long[] sorted = counts.values().stream().mapToLong(own -> own[metric]).sorted().toArray();
      AskedMetric<OfItems> asked = metrics.get(k);
      values.add(new Value(asked.name(), asked.measure().of(sorted), Double.NaN));
    }
    return values;
  }
}
