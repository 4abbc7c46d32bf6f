package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * What a transform may know beside the updates.
 *
 * @param number from 0
 * @param value of the objective where the gradient was taken
 * @param parameters where it was taken; not to be changed or kept
 * @param tensors that the parameters fall into
 * @param plateau the rate that a plateau has come to; NaN where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record Step(
    long number, double value, double[] parameters, Tensors tensors, double plateau) {

  /** Where no plateau decides. */
  public Step(long number, double value, double[] parameters, Tensors tensors) {
    this(number, value, parameters, tensors, Double.NaN);
  }

  /** Of a flat vector. */
  public Step(long number, double value, double[] parameters) {
    this(number, value, parameters, Tensors.flat(parameters.length));
  }

  /** The same step seen at other parameters. */
  Step at(double[] elsewhere) {
    return new Step(number, value, elsewhere, tensors, plateau);
  }

  /** The same step of some of the parameters. */
  Step of(double[] some, Tensors packed) {
    return new Step(number, value, some, packed, plateau);
  }

  /** The same step by another clock. */
  Step numbered(long other) {
    return new Step(other, value, parameters, tensors, plateau);
  }

  /** The value of a schedule at this step. */
  double now(Schedule schedule) {
    return schedule.at(number, plateau);
  }
}
