package dev.talweg.optimizer.transform;

/**
 * Each tensor's step relative to the root mean square of its parameters: u ← u · max(rms(x), least)
 * (Adafactor's relative step size).
 *
 * @param least above 0, so that parameters of 0 can move
 */
public record ScaleByParameterRms(double least) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  public ScaleByParameterRms {
    Ranges.checkAboveZero("least", least);
  }

  @Override
  public void update(double[] updates, Step step) {
    for (Tensor tensor : step.tensors().tensors()) {
      double scale = Math.max(Norms.rootMeanSquare(step.parameters(), tensor), least);
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] *= scale;
      }
    }
  }
}
