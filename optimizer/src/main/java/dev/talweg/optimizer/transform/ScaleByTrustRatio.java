package dev.talweg.optimizer.transform;

/**
 * Each tensor's step in proportion to its parameters: u ← u · c max(‖x‖, s)/(max(‖u‖, s) + ε), and
 * u itself where a norm is 0. With c = 1 after Adam it is LAMB (You et al. 2020), with c = 1e-3
 * before the momentum LARS (You, Gitman and Ginsburg 2017), whose paper has ‖g‖ + λ‖x‖ below, not
 * ‖g + λ x‖ as the libraries.
 *
 * @param coefficient c, above 0
 * @param epsilon at least 0
 * @param least s, at least 0
 */
public record ScaleByTrustRatio(double coefficient, double epsilon, double least)
    implements GradientTransform<Stateless> {
  private static final long serialVersionUID = 1L;

  public ScaleByTrustRatio {
    Ranges.checkAboveZero("coefficient", coefficient);
    Ranges.checkNotNegative("epsilon", epsilon);
    Ranges.checkNotNegative("least", least);
  }

  @Override
  public Stateless init(int dimension) {
    return new Stateless();
  }

  @Override
  public Stateless update(double[] updates, Stateless state, Step step) {
    for (Tensor tensor : step.tensors().tensors()) {
      double x = Math.max(Norms.euclidean(step.parameters(), tensor), least);
      double u = Math.max(Norms.euclidean(updates, tensor), least);
      if (x > 0 && u > 0) {
        double ratio = coefficient * x / (u + epsilon);
        for (int j = tensor.from(); j < tensor.end(); j++) {
          updates[j] *= ratio;
        }
      }
    }
    return state;
  }
}
