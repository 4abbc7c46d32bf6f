package dev.talweg.optimizer.stopping;

/**
 * Converged when {@code steps} states running lowered the best objective so far by less than {@code
 * tolerance}, relative to its size. A state that raises it counts as one that did not lower it.
 *
 * @param best the smallest objective so far; +∞ to begin with
 * @param stalled how many states running did not improve; 0 to begin with
 */
public record ValueStalls(double tolerance, long steps, double best, long stalled)
    implements StoppingRule {
  public ValueStalls {
    Tolerances.check(tolerance);
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be at least 1, not " + steps);
    }
  }

  public ValueStalls(double tolerance, long steps) {
    this(tolerance, steps, Double.POSITIVE_INFINITY, 0);
  }

  @Override
  public Verdict judge(Progress progress) {
    double value = progress.value();
    double decrease = best == Double.POSITIVE_INFINITY ? best : best - value;
    double relative = decrease == 0 ? 0 : decrease / Math.abs(best == 0 ? value : best);
    boolean improved = best == Double.POSITIVE_INFINITY || relative > tolerance;
    ValueStalls next =
        new ValueStalls(tolerance, steps, Math.min(best, value), improved ? 0 : stalled + 1);
    return next.stalled < steps
        ? Verdict.goOn(next)
        : Verdict.end(
            new Termination.Converged("relative decrease", Math.max(0, relative), tolerance), next);
  }
}
