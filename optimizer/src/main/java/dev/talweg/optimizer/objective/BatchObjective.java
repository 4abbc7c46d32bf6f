package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.transform.Tensors;
import java.util.List;

/**
 * An objective that is sampled: the batch is a function of (seed, step), so a retried task draws it
 * again.
 */
public interface BatchObjective {

  /** Number of parameters. */
  int dimension();

  /** Steps of one epoch: after that many every example has been in one batch. */
  long stepsPerEpoch();

  /** The mean loss, with penalty, of the batch of {@code step} (from 0) and its gradient. */
  Evaluation evaluate(double[] parameters, long step);

  /**
   * Parameters that no rule changes: in the place of their gradient an evaluation has what they
   * become after the step, such as running statistics.
   */
  default List<Slice> buffers() {
    return List.of();
  }

  /** How the parameters fall into tensors, for rules that measure layers. */
  default Tensors tensors() {
    return Tensors.flat(dimension());
  }

  /** The slices of the parameters, for people. */
  default ParameterLayout layout() {
    return new ParameterLayout(
        List.of(new ParameterLayout.Slice("parameters", 0, dimension(), true)));
  }

  /**
   * The partitions whose part of the value or the gradient is not finite, ascending, for the
   * message of a run that failed; empty where it is not known.
   */
  default List<Integer> notFinite(double[] parameters, long step) {
    return List.of();
  }

  /** All examples in every batch. */
  static BatchObjective full(Objective objective) {
    return new FullBatch(objective);
  }
}
