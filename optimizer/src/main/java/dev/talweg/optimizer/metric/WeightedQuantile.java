package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.ScoredRows.Order;
import dev.talweg.optimizer.metric.ScoredRows.Place;

/**
 * The number that a share of the weight is below: the first of which so much weight is up to it,
 * and where it is just as much, the middle between it and the next (scikit-learn's averaged
 * inverted distribution).
 */
final class WeightedQuantile implements ScoredRows.Sums<WeightedQuantile> {
  private static final long serialVersionUID = 1L;

  /** Sums of weights in another order differ by this much of them, and may be equal. */
  private static final double ROUNDING = 1e-12;

  private final ScoredRows.Key number;
  private final double share;
  private final double weight;
  private double low = Double.NaN;
  private double high = Double.NaN;

  private WeightedQuantile(ScoredRows.Key number, double share, double weight) {
    this.number = number;
    this.share = share;
    this.weight = weight;
  }

  static double of(ScoredRows rows, ScoredRows.Key number, double share) {
    double weight = MeanOf.of(rows, row -> 0).weight();
    WeightedQuantile found =
        rows.sum(Order.by(number), () -> new WeightedQuantile(number, share, weight));
    return Double.isNaN(found.high) ? found.low : 0.5 * (found.low + found.high);
  }

  @Override
  public void add(Scored row, Place place) {
    if (row.weight() > 0) {
      double until = (place.weight() + row.weight()) / weight;
      double at = number.of(row);
      low = Double.isNaN(low) && until >= share - ROUNDING ? at : low;
      high = Double.isNaN(high) && until > share + ROUNDING ? at : high;
    }
  }

  @Override
  public void merge(WeightedQuantile next) {
    low = Double.isNaN(low) ? next.low : low;
    high = Double.isNaN(high) ? next.high : high;
  }
}
