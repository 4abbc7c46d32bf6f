package dev.talweg.optimizer.metric;

/** The weighted mean of a number that each row has. */
final class MeanOf implements ScoredRows.Sums<MeanOf> {
  private static final long serialVersionUID = 1L;

  private final ScoredRows.Key number;
  private final Mean mean = new Mean();

  private MeanOf(ScoredRows.Key number) {
    this.number = number;
  }

  static Mean of(ScoredRows rows, ScoredRows.Key number) {
    return rows.sum(() -> new MeanOf(number)).mean;
  }

  @Override
  public void add(Scored row, ScoredRows.Place place) {
    mean.add(number.of(row), row.weight());
  }

  @Override
  public void merge(MeanOf next) {
    mean.merge(next.mean);
  }
}
