package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.RayObjective;

/**
 * A minimizer of objectives with linear margins, one a row or one for each class: every step sees
 * all rows.
 */
public interface RayMinimizer<S extends Minimizer.State> extends Minimizer<RayObjective, S> {}
