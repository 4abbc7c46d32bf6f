package dev.talweg.optimizer.stopping;

/**
 * Converged when the estimated relative gap, made eight times larger, is at most {@code tolerance}
 * at two states running. The estimate ½ gᵀM⁻¹g was 0.13 to 0.84 of the true gap where it was
 * measured, hence the eight; it is no proof, and the criterion's name says so.
 *
 * @param seen how many states running were below; 0 to begin with
 */
public record GapEstimateBelow(double tolerance, long seen) implements StoppingRule {
  private static final double CAUTION = 8;
  private static final long TIMES = 2;

  public GapEstimateBelow {
    Tolerances.check(tolerance);
  }

  public GapEstimateBelow(double tolerance) {
    this(tolerance, 0);
  }

  @Override
  public Verdict judge(Progress progress) {
    double cautious = CAUTION * progress.gapEstimate();
    if (!(cautious <= tolerance)) {
      return Verdict.goOn(new GapEstimateBelow(tolerance, 0));
    }
    GapEstimateBelow next = new GapEstimateBelow(tolerance, seen + 1);
    return next.seen < TIMES
        ? Verdict.goOn(next)
        : Verdict.end(new Termination.Converged("gap-estimate", cautious, tolerance), next);
  }
}
