package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.RankedBins.Calibration;
import dev.talweg.optimizer.metric.ScoredRows.Order;
import dev.talweg.optimizer.metric.ScoredRows.Place;

/**
 * What probabilities miss what is observed by, in groups of as many rows each, the first ones of
 * one more (NumPy's {@code array_split}); rows of equal probability go by their number.
 */
final class EqualMass implements ScoredRows.Sums<EqualMass> {
  private static final long serialVersionUID = 1L;

  private final long rows;
  private final double[] weights;
  private final double[] missed; // Σ ω (y − p)

  private EqualMass(long rows, int groups) {
    this.rows = rows;
    this.weights = new double[groups];
    this.missed = new double[groups];
  }

  static Calibration of(ScoredRows rows, int groups) {
    long count = rows.count();
    int filled = (int) Math.max(1, Math.min(groups, count)); // the others have no row
    return rows.sum(Order.by(Scored::score), () -> new EqualMass(count, filled)).calibration();
  }

  @Override
  public void add(Scored row, Place place) {
    int group = group(place.position());
    weights[group] += row.weight();
    missed[group] += row.weight() * (row.label() - row.score());
  }

  private int group(long position) {
    long size = rows / weights.length;
    long larger = rows % weights.length;
    long inLarger = larger * (size + 1);
    return (int)
        (position < inLarger ? position / (size + 1) : larger + (position - inLarger) / size);
  }

  @Override
  public void merge(EqualMass next) {
    for (int group = 0; group < weights.length; group++) {
      weights[group] += next.weights[group];
      missed[group] += next.missed[group];
    }
  }

  private Calibration calibration() {
    double sum = 0;
    double largest = 0;
    for (int group = 0; group < weights.length; group++) {
      double error = Math.abs(missed[group]);
      sum += error;
      largest = weights[group] > 0 ? Math.max(largest, error / weights[group]) : largest;
    }
    return new Calibration(sum / RankedBins.total(weights), largest);
  }
}
