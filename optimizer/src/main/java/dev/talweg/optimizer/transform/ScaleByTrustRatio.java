package dev.talweg.optimizer.transform;

/**
 * Each tensor's step in proportion to its parameters: u ← u · c max(‖x‖, s)/(max(‖u‖, s) + ε), and
 * u itself where a norm is 0. With c = 1 after Adam it is LAMB (You et al. 2020), with c = 1e-3
 * before the momentum LARS (You, Gitman and Ginsburg 2017), whose paper has ‖g‖ + λ‖x‖ below, not
 * ‖g + λ x‖ as most libraries: with a λ here u ← (u + λ x) · c ‖x‖/(‖u‖ + λ‖x‖ + ε).
 *
 * @param coefficient c, above 0
 * @param epsilon at least 0
 * @param least s, at least 0
 * @param most ‖x‖ counts at most as this
 * @param decay λ, at least 0
 */
public record ScaleByTrustRatio(
    double coefficient, double epsilon, double least, double most, double decay)
    implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  public ScaleByTrustRatio {
    Ranges.checkAboveZero("coefficient", coefficient);
    Ranges.checkNotNegative("epsilon", epsilon);
    Ranges.checkNotNegative("least", least);
    Ranges.checkNotNegative("decay", decay);
    if (!(most > least)) {
      throw new IllegalArgumentException("most is above " + least + ", not " + most);
    }
  }

  /** Without decay, and without a largest norm. */
  public ScaleByTrustRatio(double coefficient, double epsilon, double least) {
    this(coefficient, epsilon, least, Double.POSITIVE_INFINITY, 0);
  }

  @Override
  public void update(double[] updates, Step step) {
    for (Tensor tensor : step.tensors().tensors()) {
      double norm = Norms.euclidean(step.parameters(), tensor);
      double x = Math.min(Math.max(norm, least), most);
      double u = Math.max(Norms.euclidean(updates, tensor), least) + decay * norm;
      double ratio = x > 0 && u > 0 ? coefficient * x / (u + epsilon) : 1;
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] = ratio * (decay == 0 ? updates[j] : updates[j] + decay * step.parameters()[j]);
      }
    }
  }
}
