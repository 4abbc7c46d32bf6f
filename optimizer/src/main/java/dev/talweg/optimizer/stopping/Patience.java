package dev.talweg.optimizer.stopping;

/**
 * Early stopping: ends when the watched metric was measured {@code rounds} times running without
 * being better than the best of all before by more than the tolerance (scikit-learn's; Keras looks
 * at the best that was). States that were not measured are not counted.
 *
 * @param metric what is watched, for the termination
 * @param better which values are better
 * @param tolerance at least 0
 * @param best the best value so far; NaN to begin with
 * @param waited measurements since the last that was better; 0 to begin with
 */
public record Patience(
    String metric, long rounds, Better better, double tolerance, double best, long waited)
    implements StoppingRule {

  /** Which of two values of a metric is better. */
  public enum Better {
    SMALLER,
    LARGER;

    /** Whether a value is better than another by more than a margin. */
    public boolean isBetter(double value, double other, double margin) {
      return this == SMALLER ? value < other - margin : value > other + margin;
    }
  }

  public Patience {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, not " + rounds);
    }
    Tolerances.check(tolerance);
  }

  public Patience(String metric, long rounds, Better better, double tolerance) {
    this(metric, rounds, better, tolerance, Double.NaN, 0);
  }

  /** Any new best is waited for. */
  public Patience(String metric, long rounds, Better better) {
    this(metric, rounds, better, 0);
  }

  @Override
  public Verdict judge(Progress progress) {
    double value = progress.validation();
    if (Double.isNaN(value)) {
      return Verdict.goOn(this);
    }
    boolean first = Double.isNaN(best);
    boolean improved = first || better.isBetter(value, best, tolerance);
    double bestOfAll = first || better.isBetter(value, best, 0) ? value : best;
    Patience next =
        new Patience(metric, rounds, better, tolerance, bestOfAll, improved ? 0 : waited + 1);
    return next.waited < rounds
        ? Verdict.goOn(next)
        : Verdict.end(new Termination.Exhausted("rounds without a better " + metric, rounds), next);
  }
}
