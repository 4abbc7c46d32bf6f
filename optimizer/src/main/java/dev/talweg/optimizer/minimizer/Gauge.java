package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.stopping.Progress;

/**
 * Measures a state for the stopping rule. The plain gauge copies the state's own numbers; a run
 * adds what only it knows, its clock and its validation rows: {@code state ->
 * Gauge.plain(state).withValidation(metric).withSeconds(clock)}.
 */
@FunctionalInterface
public interface Gauge<S extends Minimizer.State> {

  /** Called once for each state, in order. */
  Progress measure(S state);

  /** The state's own numbers: not validated, no time. */
  static Progress plain(Minimizer.State state) {
    return new Progress(
        state.step(),
        state.value(),
        state.gradientNorm(),
        state.gap(),
        state.gapEstimate(),
        Double.NaN,
        0);
  }
}
