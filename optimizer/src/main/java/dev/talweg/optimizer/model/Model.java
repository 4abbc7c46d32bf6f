package dev.talweg.optimizer.model;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.transform.Tensors;
import java.io.Serializable;
import java.util.List;

/** How parameters and examples give margins, and what the examples contribute to the gradient. */
public interface Model extends Serializable {

  /** Margins of a row: one, or one for each class. */
  default int margins() {
    return 1;
  }

  /** Weights that a feature has, side by side at the beginning of the parameter vector. */
  default int width() {
    return margins();
  }

  /** The slices of the parameter vector. */
  ParameterLayout layout();

  /**
   * The names of the slices that have one parameter for each unit of a layer with an activation,
   * added just before it.
   */
  default List<String> units() {
    return List.of();
  }

  /** How the parameter vector falls into tensors, for rules that measure layers. */
  default Tensors tensors() {
    return Tensors.flat(layout().dimension());
  }

  /** About how many multiplications the margins of rows take that hold so many bytes. */
  default double work(long rows, long bytes) {
    return 0.25 * bytes * margins();
  }

  /** Scores of no rows yet, for the margins of this model. */
  Scores scores();

  /**
   * Adds Σ ω ∂ℓ/∂parameters over the rows {@code from ≤ i < until} to {@code gradient} and returns
   * Σ ω ℓ.
   */
  double accumulate(Block block, int from, int until, double[] parameters, double[] gradient);

  /**
   * The same in a step of training, for a model that has random numbers then.
   *
   * @param draw what they are a function of; its first row is row {@code from}
   */
  default double accumulate(
      Block block, int from, int until, double[] parameters, double[] gradient, Draw draw) {
    return accumulate(block, from, until, parameters, gradient);
  }

  /** What takes the sums of the rows that one partition has of a batch. */
  default Sweep sweep() {
    return new RowSweep(this);
  }

  /** Rounds over the whole batch before its sums: none where rows do not see each other. */
  default int rounds() {
    return 0;
  }

  /**
   * The parts of two runs of rows, the second after the first, in one; either may be handed over.
   */
  default double[] merge(int round, double[] first, double[] second) {
    throw new IllegalStateException("a model without rounds has no parts");
  }

  /** Parameters that follow the batches instead of a gradient: none, unless a model says so. */
  default List<Slice> buffers() {
    return List.of();
  }

  /**
   * Writes in the place of the buffers' gradient what they become after the step.
   *
   * @param known of the whole batch, an array for each round
   */
  default void settle(List<double[]> known, double[] parameters, double[] gradient) {}

  /**
   * Writes the margins of the rows {@code from ≤ i < until}, row after row, from {@code margins[0]}
   * on.
   */
  void predict(Block block, int from, int until, double[] parameters, double[] margins);
}
