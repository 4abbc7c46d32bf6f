package dev.talweg.optimizer.transform;

/**
 * Polyak's step (Polyak 1987; Loizou et al. 2021 for samples), a whole rule: x ← x − c min((f −
 * f*)/(‖c g‖² + ε), η) g; c inside of the norm is optax'. A penalized objective has a minimum above
 * 0: a lower bound that a certificate gives serves as f*.
 *
 * <p>On the hinge of one row, with f* = 0, it is a passive-aggressive step (Crammer et al., JMLR 7
 * (2006)): PA-I with η = C and ε = 0, PA-II with ε = 1/2C and no bound; scikit-learn leaves the
 * intercept out of the norm.
 *
 * @param most η, above 0
 * @param scaling c, above 0
 * @param least f*
 * @param epsilon at least 0
 * @param measured whose gradient the norm is of; all are moved
 */
public record PolyakStep(
    double most, double scaling, double least, double epsilon, Beneath beneath, Measured measured)
    implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  /** What happens where f is below f*. */
  public enum Beneath {
    /** No step: optax' {@code sps+}. */
    STAY,
    /** A step uphill, of any length: optax' {@code sps}. */
    RETREAT
  }

  /** What the norm of the gradient is of. */
  public enum Measured {
    ALL,
    /** Not biases and intercepts. */
    WEIGHTS
  }

  public PolyakStep {
    Ranges.checkAboveZero("most", most);
    Ranges.checkAboveZero("scaling", scaling);
    Ranges.checkNotNegative("epsilon", epsilon);
  }

  @Override
  public void update(double[] updates, Step step) {
    double norm = scaling * norm(updates, step.tensors());
    double gap = step.value() - least;
    double below = norm * norm + epsilon;
    boolean moves = gap > 0 || (gap < 0 && below > 0 && beneath == Beneath.RETREAT);
    double rate = moves ? scaling * Math.min(gap / below, most) : 0;
    for (int j = 0; j < updates.length; j++) {
      updates[j] *= -rate;
    }
  }

  private double norm(double[] gradient, Tensors tensors) {
    if (measured == Measured.ALL) {
      return Norms.euclidean(gradient);
    }
    double norm = 0;
    for (Tensor tensor : tensors.tensors()) {
      norm = tensor.penalized() ? StrictMath.hypot(norm, Norms.euclidean(gradient, tensor)) : norm;
    }
    return norm;
  }

  @Override
  public double learningRate(long step) {
    return scaling * most;
  }
}
