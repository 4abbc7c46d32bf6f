package dev.talweg.optimizer.stopping;

/**
 * Converged when ‖∇f‖ ≤ tolerance · max(1, |f|): relative for a large objective, absolute for a
 * small one, as in Liu and Nocedal's L-BFGS with f in the place of ‖x‖, so that the rule does not
 * depend on how the features are scaled against their parameters.
 */
public record GradientBelow(double tolerance) implements StoppingRule {
  public GradientBelow {
    Tolerances.check(tolerance);
  }

  @Override
  public Verdict judge(Progress progress) {
    double measured = progress.gradientNorm() / Math.max(1, Math.abs(progress.value()));
    return measured <= tolerance
        ? Verdict.end(new Termination.Converged("gradient-norm", measured, tolerance), this)
        : Verdict.goOn(this);
  }
}
