package dev.talweg.optimizer.loss;

/**
 * The loss of support vector regression (Vapnik, The Nature of Statistical Learning Theory (1995)):
 * ℓ = max(0, |z − y| − ε).
 *
 * @param epsilon ε in units of the label; scikit-learn's SGD has 0.1, LIBLINEAR 0
 * @param smoothing μ in units of the label; 0 for the loss itself
 */
public record EpsilonInsensitiveLoss(double epsilon, double smoothing) implements InsensitiveLoss {
  private static final long serialVersionUID = 1L;

  public EpsilonInsensitiveLoss {
    Ranges.notNegative("epsilon", epsilon);
    Ranges.notNegative("smoothing", smoothing);
  }

  @Override
  public String name() {
    return "epsilon-insensitive";
  }

  @Override
  public EpsilonInsensitiveLoss smoothed(double other) {
    return new EpsilonInsensitiveLoss(epsilon, other);
  }
}
