package dev.talweg.optimizer.metric;

/** The pinball loss beside that of the best constant. */
final class Pinball {
  private Pinball() {}

  /** Share of the loss of that quantile of the labels which predictions do not have. */
  static double explained(ScoredRows rows, double share) {
    double quantile = WeightedQuantile.of(rows, Scored::label, share);
    double own = MeanOf.of(rows, row -> of(row.label() - row.score(), share)).mean();
    double least = MeanOf.of(rows, row -> of(row.label() - quantile, share)).mean();
    return 1 - own / least;
  }

  private static double of(double residual, double share) {
    return residual >= 0 ? share * residual : (share - 1) * residual;
  }
}
