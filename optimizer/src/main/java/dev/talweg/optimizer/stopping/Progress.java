package dev.talweg.optimizer.stopping;

/**
 * What a stopping rule sees of a state: numbers only, so that a rule can be fed again from the
 * recorded history of a resumed run.
 *
 * @param step steps taken, 0 at the start
 * @param value the objective
 * @param gradientNorm Euclidean
 * @param gap a proven upper bound of (value − optimum)/|value|; NaN where there is none
 * @param gapEstimate an estimate of the same; NaN where there is none
 * @param validation the watched metric on the validation rows; NaN where this state was not
 *     validated
 * @param seconds time spent so far, from the clock of the caller
 */
public record Progress(
    long step,
    double value,
    double gradientNorm,
    double gap,
    double gapEstimate,
    double validation,
    double seconds) {

  /** The same with a validation metric. */
  public Progress withValidation(double metric) {
    return new Progress(step, value, gradientNorm, gap, gapEstimate, metric, seconds);
  }

  /** The same with a proven gap. */
  public Progress withGap(double proven) {
    return new Progress(step, value, gradientNorm, proven, gapEstimate, validation, seconds);
  }

  /** The same at a time. */
  public Progress withSeconds(double elapsed) {
    return new Progress(step, value, gradientNorm, gap, gapEstimate, validation, elapsed);
  }
}
