package dev.talweg.optimizer.stopping;

/**
 * Converged when the proven bound of the relative gap (value − optimum)/|value| is at most {@code
 * tolerance}. States without a bound never end it.
 */
public record GapBelow(double tolerance) implements StoppingRule {
  public GapBelow {
    Tolerances.check(tolerance);
  }

  @Override
  public Verdict judge(Progress progress) {
    return progress.gap() <= tolerance
        ? Verdict.end(new Termination.Converged("gap", progress.gap(), tolerance), this)
        : Verdict.goOn(this);
  }
}
