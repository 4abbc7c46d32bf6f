package dev.talweg.optimizer.transform;

/**
 * Gradient centralization (Yong et al. 2020): the gradient of each row of a matrix, a unit where
 * matrices are stored fan-out by fan-in, loses its mean; vectors stay. optax takes rows too, though
 * its kernels are stored the other way.
 */
public record Centralize() implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  @Override
  public void update(double[] updates, Step step) {
    for (Tensor tensor : step.tensors().tensors()) {
      if (!tensor.matrix()) {
        continue;
      }
      for (int from = tensor.from(); from < tensor.end(); from += tensor.columns()) {
        int end = from + tensor.columns();
        double sum = 0;
        for (int j = from; j < end; j++) {
          sum += updates[j];
        }
        double mean = sum / tensor.columns();
        for (int j = from; j < end; j++) {
          updates[j] -= mean;
        }
      }
    }
  }
}
