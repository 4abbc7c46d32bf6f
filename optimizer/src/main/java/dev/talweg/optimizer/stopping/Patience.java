package dev.talweg.optimizer.stopping;

/**
 * Early stopping: ends when the validation metric was measured {@code rounds} times running without
 * a new best. States that were not validated are not counted.
 *
 * @param metric its name, for the termination
 * @param better which values are better
 * @param best the best value so far; NaN to begin with
 * @param waited measurements since the best; 0 to begin with
 */
public record Patience(String metric, long rounds, Better better, double best, long waited)
    implements StoppingRule {

  /** Which of two values of a metric is better. */
  public enum Better {
    SMALLER,
    LARGER
  }

  public Patience {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, not " + rounds);
    }
  }

  public Patience(String metric, long rounds, Better better) {
    this(metric, rounds, better, Double.NaN, 0);
  }

  @Override
  public Verdict judge(Progress progress) {
    double value = progress.validation();
    if (Double.isNaN(value)) {
      return Verdict.goOn(this);
    }
    if (Double.isNaN(best) || (better == Better.SMALLER ? value < best : value > best)) {
      return Verdict.goOn(new Patience(metric, rounds, better, value, 0));
    }
    Patience next = new Patience(metric, rounds, better, best, waited + 1);
    return next.waited < rounds
        ? Verdict.goOn(next)
        : Verdict.end(
            new Termination.Exhausted("rounds without a better validation " + metric, rounds),
            next);
  }
}
