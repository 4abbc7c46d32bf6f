package dev.talweg.optimizer.transform;

/**
 * A transform whose state depends on the tensors, or that stands around others whose states may.
 *
 * @param <S> the state
 */
public interface TensorTransform<S extends Record> extends GradientTransform<S> {
  @Override
  S init(Tensors tensors);

  @Override
  default S init(int dimension) {
    return init(Tensors.flat(dimension));
  }
}
