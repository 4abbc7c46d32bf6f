package dev.talweg.optimizer.metric;

import static dev.talweg.optimizer.metric.Metric.Labels.BINARY;
import static dev.talweg.optimizer.metric.Metric.Labels.REAL;

import dev.talweg.optimizer.metric.Metric.Sense;
import dev.talweg.optimizer.metric.MetricOnDemand.Argument;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/**
 * The metrics on demand of which items the first rows of all queries are: whether a recommender
 * shows the whole catalogue, or the same few to all. The catalogue is the items of all rows.
 */
public final class ItemMetrics {
  private static final List<MetricOnDemand<OfItems>> ALL =
      List.of(
          of(
              "item-coverage",
              Sense.LARGER_IS_BETTER,
              "share of the items that is among the first rows of a query",
              ItemMetrics::coverage),
          of(
              "item-entropy",
              Sense.LARGER_IS_BETTER,
              "entropy of the items among the first rows, in nats",
              ItemMetrics::entropy),
          of(
              "item-gini",
              Sense.SMALLER_IS_BETTER,
              "Gini index of how often items are among the first rows: 0 where all are as often",
              ItemMetrics::gini));

  private ItemMetrics() {}

  /** All of them. */
  public static List<MetricOnDemand<OfItems>> all() {
    return ALL;
  }

  /** How a metric of items is measured. */
  @FunctionalInterface
  public interface OfItems extends Serializable {
    /**
     * @param counts how often each item is among the first rows, from the rarest up
     */
    double of(long[] counts);
  }

  private static double total(long[] counts) {
    double total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  private static double coverage(long[] counts) {
    int shown = 0;
    for (long count : counts) {
      shown += count > 0 ? 1 : 0;
    }
    return (double) shown / counts.length;
  }

  private static double entropy(long[] counts) {
    double total = total(counts);
    double sum = 0;
    for (long count : counts) {
      double share = count / total;
      sum -= share > 0 ? share * StrictMath.log(share) : 0;
    }
    return sum;
  }

  private static double gini(long[] counts) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += (2.0 * i + 1 - counts.length) * counts[i];
    }
    return sum / (counts.length * total(counts));
  }

  private static MetricOnDemand<OfItems> of(
      String name, Sense sense, String summary, OfItems measure) {
    return new MetricOnDemand<>(
        name,
        Argument.ROWS,
        Set.of(BINARY, REAL),
        sense,
        "a sort by query and prediction",
        summary,
        measure);
  }
}
