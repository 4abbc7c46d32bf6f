package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.util.function.UnaryOperator;

/**
 * What a transform may know beside the updates.
 *
 * @param number from 0
 * @param value of the objective where the gradient was taken
 * @param parameters where it was taken; not to be changed or kept
 * @param tensors that the parameters fall into
 * @param plateau the rate that a plateau has come to; NaN where there is none
 * @param curvature of the objective where the gradient was taken
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record Step(
    long number,
    double value,
    double[] parameters,
    Tensors tensors,
    double plateau,
    Curvature curvature) {

  /** Where curvature is not known. */
  public Step(long number, double value, double[] parameters, Tensors tensors, double plateau) {
    this(number, value, parameters, tensors, plateau, Curvature.UNKNOWN);
  }

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
    return new Step(number, value, elsewhere, tensors, plateau, curvature);
  }

  /** The same step of some of the parameters. */
  Step of(UnaryOperator<double[]> some, Tensors packed) {
    Curvature own = () -> some.apply(curvature.diagonal());
    return new Step(number, value, some.apply(parameters), packed, plateau, own);
  }

  /** The same step by another clock. */
  Step numbered(long other) {
    return new Step(other, value, parameters, tensors, plateau, curvature);
  }

  /** The value of a schedule at this step. */
  double now(Schedule schedule) {
    return schedule.at(number, plateau);
  }
}
