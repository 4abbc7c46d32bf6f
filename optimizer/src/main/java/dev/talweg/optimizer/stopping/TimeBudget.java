package dev.talweg.optimizer.stopping;

/** Ends at the first state that is {@code seconds} old, by the clock of the caller. */
public record TimeBudget(double seconds) implements StoppingRule {
  public TimeBudget {
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("the time must be above 0 seconds, not " + seconds);
    }
  }

  @Override
  public Verdict judge(Progress progress) {
    return progress.seconds() < seconds
        ? Verdict.goOn(this)
        : Verdict.end(
            new Termination.Exhausted("time in seconds", (long) Math.ceil(seconds)), this);
  }
}
