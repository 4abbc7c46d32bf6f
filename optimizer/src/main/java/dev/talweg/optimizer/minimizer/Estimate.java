package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;

/**
 * What a step takes as the gradient.
 *
 * <p>With anchors it has a variance that goes to 0 at the optimum, so that a constant rate
 * converges: stochastic variance reduced gradients, Johnson and Zhang, NeurIPS (2013),
 *
 * <pre>∇f_k(x) − ∇f_k(x̃) + ∇F(x̃),   of values: f_k(x) − f_k(x̃) + F(x̃),</pre>
 *
 * with f_k the mean over the batch of step k, F that over all rows, and x̃ the parameters of every
 * m-th step, where the gradient is the full one. A step costs two batches, an anchor a pass.
 *
 * @param every m: steps between two anchors; 0 is for the gradients of batches alone
 */
public record Estimate(long every) {
  /** The gradient of the step's batch. */
  public static final Estimate OF_BATCHES = new Estimate(0);

  public Estimate {
    if (every < 0) {
      throw new IllegalArgumentException("anchors every " + every + " steps");
    }
  }

  /**
   * Where the full gradient was taken last.
   *
   * @param parameters x̃; empty where there is none
   * @param value F(x̃)
   * @param gradient ∇F(x̃)
   */
  @SuppressWarnings("ArrayRecordComponent") // read only, never compared
  public record Anchor(double[] parameters, double value, double[] gradient) {
    static final Anchor NONE = new Anchor(new double[0], 0, new double[0]);
  }

  /** An estimate, and the anchor for the next one. */
  record Made(Evaluation evaluation, Anchor anchor) {}

  /** At parameters, of the batch of a step; without an anchor they become one. */
  Made at(BatchObjective objective, Anchor anchor, double[] parameters, long step) {
    if (every == 0) {
      return new Made(objective.evaluate(parameters, step), Anchor.NONE);
    }
    if (anchor.parameters.length != parameters.length || step % every == 0) {
      Evaluation all = objective.evaluateAll(parameters);
      double[] gradient = all.gradient().clone(); // the other one is handed over
      return new Made(all, new Anchor(parameters.clone(), all.value(), gradient));
    }
    Evaluation here = objective.evaluate(parameters, step);
    Evaluation there = objective.evaluate(anchor.parameters, step);
    double[] gradient = here.gradient();
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] += anchor.gradient[j] - there.gradient()[j];
    }
    return new Made(new Evaluation(here.value() - there.value() + anchor.value, gradient), anchor);
  }
}
