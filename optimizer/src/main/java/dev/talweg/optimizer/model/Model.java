package dev.talweg.optimizer.model;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.metric.Scores;
import java.io.Serializable;

/** How parameters and examples give margins, and what the examples contribute to the gradient. */
public interface Model extends Serializable {

  /** Margins of a row: one, or one for each class. */
  default int margins() {
    return 1;
  }

  /** The slices of the parameter vector. */
  ParameterLayout layout();

  /** Scores of no rows yet, for the margins of this model. */
  Scores scores();

  /**
   * Adds Σ ω ∂ℓ/∂parameters over the rows {@code from ≤ i < until} to {@code gradient} and returns
   * Σ ω ℓ.
   */
  double accumulate(Block block, int from, int until, double[] parameters, double[] gradient);

  /**
   * Writes the margins of the rows {@code from ≤ i < until}, row after row, from {@code margins[0]}
   * on.
   */
  void predict(Block block, int from, int until, double[] parameters, double[] margins);
}
