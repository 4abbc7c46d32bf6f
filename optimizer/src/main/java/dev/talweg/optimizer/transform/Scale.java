package dev.talweg.optimizer.transform;

/**
 * u ← c u.
 *
 * @param factor c, above 0
 */
public record Scale(double factor) implements GradientTransform<Stateless> {
  private static final long serialVersionUID = 1L;

  public Scale {
    Ranges.checkAboveZero("factor", factor);
  }

  @Override
  public Stateless init(int dimension) {
    return new Stateless();
  }

  @Override
  public Stateless update(double[] updates, Stateless state, Step step) {
    for (int j = 0; j < updates.length; j++) {
      updates[j] *= factor;
    }
    return state;
  }
}
