package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * x ← (x − η_t u)/√(1 + η_t²): a step u that is as long as the parameters of its tensor and stands
 * upright on them turns them by arctan η and leaves their norm. After {@link ScaleByTrustRatio} it
 * is Fromage (Bernstein et al. 2020); a gradient of 0 still shrinks the parameters, in the paper
 * and in the libraries.
 *
 * @param rate η
 * @param most norm of a tensor, in multiples of the one it had before the first step: the paper's
 *     bounded variant
 */
public record RotateByLearningRate(Schedule rate, double most)
    implements TensorTransform<RotateByLearningRate.State> {
  private static final long serialVersionUID = 1L;

  public RotateByLearningRate {
    if (!(most > 0)) {
      throw new IllegalArgumentException("most is above 0, not " + most);
    }
  }

  /** The largest norm of each tensor, and whether it is known. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] largest, boolean begun) {}

  @Override
  public State init(Tensors tensors) {
    return new State(new double[tensors.tensors().size()], false);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] largest = state.largest();
    double[] x = step.parameters();
    double eta = step.now(rate);
    double shrinking = Math.sqrt(1 + eta * eta);
    int k = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      if (!state.begun()) {
        largest[k] = most * Norms.euclidean(x, tensor);
      }
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] = (x[j] - eta * updates[j]) / shrinking;
      }
      double norm = Norms.euclidean(updates, tensor);
      double factor = norm > largest[k] ? largest[k] / norm : 1;
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] = updates[j] * factor - x[j];
      }
      k++;
    }
    return new State(largest, true);
  }

  @Override
  public double learningRate(long step) {
    return rate.at(step);
  }
}
