package dev.talweg.optimizer.transform;

/** u ← sign(u) (Bernstein et al. 2018); after a momentum it is Signum. */
public record ScaleBySign() implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  @Override
  public void update(double[] updates, Step step) {
    for (int j = 0; j < updates.length; j++) {
      updates[j] = Math.signum(updates[j]);
    }
  }
}
