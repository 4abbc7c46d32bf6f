package dev.talweg.optimizer.transform;

/**
 * What a transform may know beside the updates.
 *
 * @param number from 0
 * @param value of the objective where the gradient was taken
 * @param parameters where it was taken; not to be changed or kept
 * @param tensors that the parameters fall into
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record Step(long number, double value, double[] parameters, Tensors tensors) {

  /** Of a flat vector. */
  public Step(long number, double value, double[] parameters) {
    this(number, value, parameters, Tensors.flat(parameters.length));
  }

  /** The same step seen at other parameters. */
  Step at(double[] elsewhere) {
    return new Step(number, value, elsewhere, tensors);
  }

  /** The same step by another clock. */
  Step numbered(long other) {
    return new Step(other, value, parameters, tensors);
  }
}
