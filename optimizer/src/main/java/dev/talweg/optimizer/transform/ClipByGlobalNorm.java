package dev.talweg.optimizer.transform;

/**
 * u ← u · min(1, limit/(‖u‖ + slack)) (Pascanu, Mikolov and Bengio 2013).
 *
 * @param limit of the norm of the whole gradient, above 0
 * @param slack 0 leaves a gradient at the limit as it is; PyTorch adds 1e-6
 */
public record ClipByGlobalNorm(double limit, double slack, Norm norm)
    implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  /** How long a gradient is. */
  public enum Norm {
    EUCLIDEAN,
    /** Σ|u|: PyTorch's {@code norm_type=1}. */
    SUM,
    /** max |u|: PyTorch's {@code norm_type=inf}. */
    MAXIMUM
  }

  public ClipByGlobalNorm {
    Ranges.checkAboveZero("the limit", limit);
    Ranges.checkNotNegative("slack", slack);
  }

  /** Of the Euclidean norm. */
  public ClipByGlobalNorm(double limit, double slack) {
    this(limit, slack, Norm.EUCLIDEAN);
  }

  /** Without slack, as in optax, Keras and TensorFlow. */
  public ClipByGlobalNorm(double limit) {
    this(limit, 0);
  }

  @Override
  public void update(double[] updates, Step step) {
    double scale = limit / (length(updates) + slack);
    if (scale < 1) {
      for (int j = 0; j < updates.length; j++) {
        updates[j] *= scale;
      }
    }
  }

  private double length(double[] updates) {
    return switch (norm) {
      case EUCLIDEAN -> Norms.euclidean(updates);
      case MAXIMUM -> Norms.largest(updates, 0, updates.length);
      case SUM -> {
        double sum = 0;
        for (double u : updates) {
          sum += Math.abs(u);
        }
        yield sum;
      }
    };
  }
}
