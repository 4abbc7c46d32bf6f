package dev.talweg.optimizer.transform;

/**
 * u ← u · min(1, limit/(‖u‖ + slack)) (Pascanu, Mikolov and Bengio 2013).
 *
 * @param limit of the Euclidean norm of the whole gradient, above 0
 * @param slack 0 leaves a gradient at the limit as it is; PyTorch adds 1e-6
 */
public record ClipByGlobalNorm(double limit, double slack) implements GradientTransform<Stateless> {
  private static final long serialVersionUID = 1L;

  public ClipByGlobalNorm {
    if (!(limit > 0 && limit < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the limit is a finite number above 0, not " + limit);
    }
    if (!(slack >= 0 && slack < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("slack is a finite number of at least 0, not " + slack);
    }
  }

  public ClipByGlobalNorm(double limit) {
    this(limit, 0);
  }

  @Override
  public Stateless init(int dimension) {
    return new Stateless();
  }

  @Override
  public Stateless update(double[] updates, Stateless state, Step step) {
    double scale = limit / (norm(updates) + slack);
    if (scale < 1) {
      for (int j = 0; j < updates.length; j++) {
        updates[j] *= scale;
      }
    }
    return state;
  }

  /** √Σu², also where the squares overflow. */
  private static double norm(double[] u) {
    double sum = 0;
    double largest = 0;
    for (double value : u) {
      sum += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    if (sum < Double.POSITIVE_INFINITY || largest == Double.POSITIVE_INFINITY) {
      return Math.sqrt(sum);
    }
    sum = 0;
    for (double value : u) {
      sum += value / largest * (value / largest);
    }
    return largest * Math.sqrt(sum);
  }
}
