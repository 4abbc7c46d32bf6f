package dev.talweg.optimizer.transform;

/**
 * u ← u/(‖u‖ + ε): steps of one length, whatever the slope (Nesterov 1984; Hazan, Levy and
 * Shalev-Shwartz 2015). A gradient of 0 stays.
 *
 * @param epsilon at least 0
 */
public record Normalize(double epsilon) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  public Normalize {
    Ranges.checkNotNegative("epsilon", epsilon);
  }

  @Override
  public void update(double[] updates, Step step) {
    double norm = Norms.euclidean(updates) + epsilon;
    if (norm > 0) {
      for (int j = 0; j < updates.length; j++) {
        updates[j] /= norm;
      }
    }
  }
}
