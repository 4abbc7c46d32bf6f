package dev.talweg.optimizer.transform;

import java.io.Serializable;
import java.util.List;

/**
 * One word of the sentence that a first-order method is: turns the gradient, step by step, into
 * what is added to the parameters.
 *
 * <p>An implementation is a record of its hyper-parameters, so equality, printing, configuration
 * and provenance come free. It has no fields that change: what it remembers is its state, another
 * record of {@code long}, {@code double}, {@code boolean} and {@code double[]}.
 *
 * @param <S> the state
 */
public interface GradientTransform<S extends Record> extends Serializable {

  /** The state before the first step, of a flat vector. */
  S init(int dimension);

  /** The state before the first step; rules that measure layers keep something of each. */
  default S init(Tensors tensors) {
    return init(tensors.dimension());
  }

  /**
   * Transforms {@code updates} in place. The state given is handed over: its arrays may go into the
   * one returned, and must not be used by the caller again.
   */
  S update(double[] updates, S state, Step step);

  /** The factor by which it scales a step, where it is known before: a schedule's rate. */
  default double learningRate(long step) {
    return 1;
  }

  /**
   * The parameters a model should have: those given, or what the state keeps of them, such as their
   * average. Not to be changed.
   */
  default double[] served(double[] parameters, S state, Tensors tensors) {
    return parameters;
  }

  /** How many gradients of a batch it wants: one, unless it says so. */
  default Repeats repeats() {
    return Repeats.NONE;
  }

  /** The tensors that it leaves where they are: none, unless it says so. */
  default List<Tensor> frozen(Tensors tensors) {
    return List.of();
  }

  /** This transform, then {@code next}. */
  default Chain then(GradientTransform<?> next) {
    return Chain.of(List.of(this, next));
  }
}
