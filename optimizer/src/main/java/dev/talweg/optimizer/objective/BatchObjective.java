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

  /** That there are as many parameters. */
  default void checkLength(double[] parameters) {
    if (parameters.length != dimension()) {
      throw new IllegalArgumentException(
          "lengths differ: " + parameters.length + " parameters, an objective of " + dimension());
    }
  }

  /** Steps of one epoch: after that many every example has been in one batch. */
  long stepsPerEpoch();

  /** The mean loss, with penalty, of the batch of {@code step} (from 0) and its gradient. */
  Evaluation evaluate(double[] parameters, long step);

  /**
   * The same over all examples: the mean over an epoch's batches, unless an objective knows better.
   */
  default Evaluation evaluateAll(double[] parameters) {
    double value = 0;
    double[] gradient = new double[dimension()];
    for (long step = 0; step < stepsPerEpoch(); step++) {
      Evaluation batch = evaluate(parameters, step);
      value += batch.value();
      for (int j = 0; j < gradient.length; j++) {
        gradient[j] += batch.gradient()[j];
      }
    }
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] /= stepsPerEpoch();
    }
    return new Evaluation(value / stepsPerEpoch(), gradient);
  }

  /**
   * The diagonal of the Hessian of the batch of {@code step}: an unbiased estimate that costs two
   * batches, unless an objective knows better.
   */
  default double[] curvature(double[] parameters, long step) {
    return Hutchinson.diagonal(this, parameters, step);
  }

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
