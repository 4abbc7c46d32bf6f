package dev.talweg.optimizer.model;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.loss.PointwiseLoss;
import java.io.Serializable;

/** How parameters and examples give margins, and what the examples contribute to the gradient. */
public interface Model extends Serializable {

  /** The loss of a margin. */
  PointwiseLoss loss();

  /** The slices of the parameter vector. */
  ParameterLayout layout();

  /**
   * Adds Σ ω ∂ℓ/∂parameters over the rows {@code from ≤ i < until} to {@code gradient} and returns
   * Σ ω ℓ.
   */
  double accumulate(Block block, int from, int until, double[] parameters, double[] gradient);

  /** Writes the margins of the rows {@code from ≤ i < until} to {@code margins[i - from]}. */
  void predict(Block block, int from, int until, double[] parameters, double[] margins);
}
