package dev.talweg.optimizer.model;

import dev.talweg.optimizer.block.Block;

/**
 * A model whose margins are linear in its parameters: the gradient of a row is its slopes, one for
 * each margin, times the row with a 1 beside it, or a 0 where there is no intercept.
 */
public interface LinearRows extends Model {
  Intercept intercept();

  /** Writes ω ∂ℓ/∂z of rows, margin by margin, over {@code slopes}, and returns Σ ω ℓ. */
  double differentiate(Block block, int from, int until, double[] parameters, double[] slopes);

  /** Adds what rows with these slopes pull at the parameters. */
  void pull(Block block, int from, int until, double[] slopes, double[] gradient);

  @Override
  default double accumulate(
      Block block, int from, int until, double[] parameters, double[] gradient) {
    double[] slopes = new double[(until - from) * margins()];
    double value = differentiate(block, from, until, parameters, slopes);
    pull(block, from, until, slopes, gradient);
    return value;
  }
}
