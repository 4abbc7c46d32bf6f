package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.LinearObjective;

/** A minimizer of linear objectives: every step sees all rows. */
public interface LinearMinimizer<S extends Minimizer.State> extends Minimizer<LinearObjective, S> {}
