package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.stopping.Progress;
import dev.talweg.optimizer.stopping.Termination;
import java.util.Optional;

/**
 * One state of a run, as observers see it.
 *
 * @param state whose arrays may be reused by the step after it: copy what is kept
 * @param progress what the stopping rule saw
 * @param termination how the run ended here; empty where it goes on
 */
public record Iteration<S extends Minimizer.State>(
    S state, Progress progress, Optional<Termination> termination) {}
