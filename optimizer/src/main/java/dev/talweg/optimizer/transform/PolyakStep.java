package dev.talweg.optimizer.transform;

/**
 * Polyak's step (Polyak 1987; Loizou et al. 2021 for samples), a whole rule: x ← x − c min((f −
 * f*)/(‖c g‖² + ε), η) g; c inside of the norm is optax'. A penalized objective has a minimum above
 * 0: a lower bound that a certificate gives serves as f*.
 *
 * @param most η, above 0
 * @param scaling c, above 0
 * @param least f*
 * @param epsilon at least 0
 */
public record PolyakStep(double most, double scaling, double least, double epsilon, Beneath beneath)
    implements GradientTransform<Stateless> {
  private static final long serialVersionUID = 1L;

  /** What happens where f is below f*. */
  public enum Beneath {
    /** No step: optax' {@code sps+}. */
    STAY,
    /** A step uphill, of any length: optax' {@code sps}. */
    RETREAT
  }

  public PolyakStep {
    Ranges.checkAboveZero("most", most);
    Ranges.checkAboveZero("scaling", scaling);
    Ranges.checkNotNegative("epsilon", epsilon);
  }

  @Override
  public Stateless init(int dimension) {
    return new Stateless();
  }

  @Override
  public Stateless update(double[] updates, Stateless state, Step step) {
    double norm = scaling * Norms.euclidean(updates);
    double gap = step.value() - least;
    double below = norm * norm + epsilon;
    boolean moves = gap > 0 || (gap < 0 && below > 0 && beneath == Beneath.RETREAT);
    double rate = moves ? scaling * Math.min(gap / below, most) : 0;
    for (int j = 0; j < updates.length; j++) {
      updates[j] *= -rate;
    }
    return state;
  }

  @Override
  public double learningRate(long step) {
    return scaling * most;
  }
}
