package dev.talweg.optimizer.transform;

/**
 * u ← c u.
 *
 * @param factor c, above 0
 */
public record Scale(double factor) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  public Scale {
    Ranges.checkAboveZero("factor", factor);
  }

  @Override
  public void update(double[] updates, Step step) {
    for (int j = 0; j < updates.length; j++) {
      updates[j] *= factor;
    }
  }
}
