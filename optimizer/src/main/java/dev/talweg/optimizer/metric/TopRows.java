package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.ScoredRows.Order;
import dev.talweg.optimizer.metric.ScoredRows.Place;

/** The rows of highest score, beside all; of equal scores the earlier row is in front. */
final class TopRows implements ScoredRows.Sums<TopRows> {
  private static final long serialVersionUID = 1L;

  private final long top;
  private final Mean ofTop = new Mean();
  private final Mean ofAll = new Mean();

  private TopRows(long top) {
    this.top = top;
  }

  static TopRows of(ScoredRows rows, long top) {
    return rows.sum(Order.by(row -> -row.score()), () -> new TopRows(top));
  }

  @Override
  public void add(Scored row, Place place) {
    ofAll.add(row.label(), row.weight());
    if (place.position() < top) {
      ofTop.add(row.label(), row.weight());
    }
  }

  @Override
  public void merge(TopRows next) {
    ofTop.merge(next.ofTop);
    ofAll.merge(next.ofAll);
  }

  /** Share of class 1 among them. */
  double precision() {
    return ofTop.mean();
  }

  /** That as a multiple of its share in all rows. */
  double lift() {
    return ofTop.mean() / ofAll.mean();
  }

  /** Share of class 1 that is among them. */
  double recall() {
    return ofTop.sum() / ofAll.sum();
  }
}
