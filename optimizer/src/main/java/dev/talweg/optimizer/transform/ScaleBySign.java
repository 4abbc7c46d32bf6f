package dev.talweg.optimizer.transform;

/** u ← sign(u) (Bernstein et al. 2018); after a momentum it is Signum. */
public record ScaleBySign() implements GradientTransform<Stateless> {
  private static final long serialVersionUID = 1L;

  @Override
  public Stateless init(int dimension) {
    return new Stateless();
  }

  @Override
  public Stateless update(double[] updates, Stateless state, Step step) {
    for (int j = 0; j < updates.length; j++) {
      updates[j] = Math.signum(updates[j]);
    }
    return state;
  }
}
