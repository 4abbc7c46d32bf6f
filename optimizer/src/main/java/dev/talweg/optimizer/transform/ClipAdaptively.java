package dev.talweg.optimizer.transform;

/**
 * Adaptive gradient clipping (Brock et al. 2021): a unit's gradient is at most {@code clipping}
 * times its weights, ‖u‖ ≤ λ max(‖w‖, floor). A unit is a column of a matrix that is stored fan-in
 * by fan-out, or a whole vector.
 *
 * @param clipping λ, above 0; 0.01 is typical
 * @param floor of a unit's norm, at least 0, so that weights of 0 can move
 */
public record ClipAdaptively(double clipping, double floor) implements StatelessTransform {
  private static final long serialVersionUID = 1L;
  private static final double SMALLEST = 1e-6;

  public ClipAdaptively {
    Ranges.checkAboveZero("clipping", clipping);
    Ranges.checkNotNegative("floor", floor);
  }

  @Override
  public void update(double[] updates, Step step) {
    for (Tensor tensor : step.tensors().tensors()) {
      if (tensor.matrix()) {
        for (int column = 0; column < tensor.columns(); column++) {
          clip(updates, step.parameters(), tensor.from() + column, tensor.columns(), tensor.end());
        }
      } else {
        clip(updates, step.parameters(), tensor.from(), 1, tensor.end());
      }
    }
  }

  private void clip(double[] updates, double[] parameters, int from, int stride, int end) {
    double largest = clipping * Math.max(norm(parameters, from, stride, end), floor);
    double size = norm(updates, from, stride, end);
    if (size > largest) {
      double scale = largest / Math.max(size, SMALLEST);
      for (int j = from; j < end; j += stride) {
        updates[j] *= scale;
      }
    }
  }

  private static double norm(double[] x, int from, int stride, int end) {
    double largest = 0;
    for (int j = from; j < end; j += stride) {
      largest = Math.max(largest, Math.abs(x[j]));
    }
    if (largest == 0 || !(largest < Double.POSITIVE_INFINITY)) {
      return largest;
    }
    double sum = 0;
    for (int j = from; j < end; j += stride) {
      sum += x[j] / largest * (x[j] / largest);
    }
    return largest * Math.sqrt(sum);
  }
}
