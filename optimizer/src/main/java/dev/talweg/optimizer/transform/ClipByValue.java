package dev.talweg.optimizer.transform;

/**
 * u ← min(max(u, −limit), limit), entry by entry. It changes the direction; a limit on a norm does
 * not.
 *
 * @param limit above 0
 */
public record ClipByValue(double limit) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  public ClipByValue {
    Ranges.checkAboveZero("the limit", limit);
  }

  @Override
  public void update(double[] updates, Step step) {
    for (int j = 0; j < updates.length; j++) {
      updates[j] = Math.min(Math.max(updates[j], -limit), limit);
    }
  }
}
