package dev.talweg.ml.engine;

import dev.talweg.optimizer.stopping.GapBelow;
import dev.talweg.optimizer.stopping.GapEstimateBelow;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.Progress;
import dev.talweg.optimizer.stopping.StoppingRule;
import dev.talweg.optimizer.stopping.Termination;

/**
 * {@code maxIter} and {@code tol}.
 *
 * <p>In {@code spark.ml} {@code tol} bounds the change of the objective from step to step, which
 * says little of how far the optimum is. Here it bounds the distance: the relative gap, proven by a
 * dual point where the penalty allows one, estimated where it does not, is to be a tenth of {@code
 * tol}, and at most {@value #LARGEST}, so that no model is worse than one of {@code spark.ml} by
 * more than 1e-6.
 *
 * @param steps at most
 */
public record Budget(int steps, double tolerance) {
  private static final double LARGEST = 1e-7;

  /** Less than this is rounding. */
  private static final double SMALLEST = 1e-12;

  double gap() {
    return Math.max(Math.min(0.1 * tolerance, LARGEST), SMALLEST);
  }

  /** Where the penalty gives a bound, it has to close; where not, the estimate does. */
  StoppingRule proven() {
    return new GapBelow(gap()).or(new MaxIterations(steps));
  }

  StoppingRule estimated() {
    return new GapEstimateBelow(gap()).or(new MaxIterations(steps));
  }

  /**
   * Where the estimate is the gap itself unless the curvature is singular to rounding: once is
   * enough where the estimate is below by so much that a curvature which is a million times too
   * large would not matter.
   */
  StoppingRule known() {
    return new EstimateFarBelow(1e-6 * gap()).or(estimated());
  }

  private record EstimateFarBelow(double tolerance) implements StoppingRule {
    @Override
    public Verdict judge(Progress progress) {
      double estimate = progress.gapEstimate();
      return estimate <= tolerance
          ? Verdict.end(new Termination.Converged("gap-estimate", estimate, tolerance), this)
          : Verdict.goOn(this);
    }
  }
}
