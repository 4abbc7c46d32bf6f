package dev.talweg.optimizer.objective;

/**
 * A smooth function of a parameter vector. One evaluation may cost a microsecond or a Spark job.
 */
public interface Objective {

  /** Number of parameters. */
  int dimension();

  /** The value and gradient at {@code parameters}, which the callee neither keeps nor changes. */
  Evaluation evaluate(double[] parameters);
}
