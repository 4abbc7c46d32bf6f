package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.ScoredRows.Order;
import dev.talweg.optimizer.metric.ScoredRows.Place;

/**
 * Spearman's correlation: that of ranks, of which ties have the middle; rows count once whatever
 * their weight is. A rank is (n + 1)/2 + (less − greater)/2, where less and greater are how many
 * rows are: the first place among ties, ascending and descending. So no run of ties is ever held.
 */
final class Spearman implements ScoredRows.Sums<Spearman> {
  private static final long serialVersionUID = 1L;

  private final Spread ranks = new Spread();

  static double of(ScoredRows rows) {
    return swappedByRank(swappedByRank(rows)).sum(Spearman::new).ranks.correlation();
  }

  /** Labels and scores in each other's place, the labels by their centred rank. */
  private static ScoredRows swappedByRank(ScoredRows rows) {
    return rows.replaced(
            Order.by(Scored::label), (row, place) -> row.withLabel((double) place.first()))
        .replaced(
            Order.by(row -> -row.label()),
            (row, place) -> {
              double rank = 0.5 * (row.label() - place.first());
              return new Scored(rank, row.score(), row.weight(), row.row());
            });
  }

  @Override
  public void add(Scored row, Place place) {
    ranks.add(row.label(), row.score() - row.label(), 1);
  }

  @Override
  public void merge(Spearman next) {
    ranks.merge(next.ranks);
  }
}
