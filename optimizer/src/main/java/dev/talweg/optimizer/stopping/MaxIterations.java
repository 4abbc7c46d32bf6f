package dev.talweg.optimizer.stopping;

/** Ends at step {@code limit}: 0 judges the start only. */
public record MaxIterations(long limit) implements StoppingRule {
  public MaxIterations {
    if (limit < 0) {
      throw new IllegalArgumentException("the limit of iterations is negative: " + limit);
    }
  }

  @Override
  public Verdict judge(Progress progress) {
    return progress.step() < limit
        ? Verdict.goOn(this)
        : Verdict.end(new Termination.Exhausted("iterations", limit), this);
  }
}
