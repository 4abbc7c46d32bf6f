package dev.talweg.optimizer.transform;

/**
 * Each tensor u on its own: u ← u · min(1, limit/‖u‖), with the Euclidean norm (Keras' {@code
 * clipnorm}) or the root mean square (Adafactor's block clip, optax' {@code clip_by_block_rms}).
 *
 * @param limit above 0
 */
public record ClipByTensor(double limit, Measure measure) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  /** How large a tensor is. */
  public enum Measure {
    NORM,
    ROOT_MEAN_SQUARE
  }

  public ClipByTensor {
    Ranges.checkAboveZero("the limit", limit);
  }

  @Override
  public void update(double[] updates, Step step) {
    for (Tensor tensor : step.tensors().tensors()) {
      double size =
          measure == Measure.NORM
              ? Norms.euclidean(updates, tensor)
              : Norms.rootMeanSquare(updates, tensor);
      if (size > limit) {
        double scale = limit / size;
        for (int j = tensor.from(); j < tensor.end(); j++) {
          updates[j] *= scale;
        }
      }
    }
  }
}
