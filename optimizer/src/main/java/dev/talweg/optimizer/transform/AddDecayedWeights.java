package dev.talweg.optimizer.transform;

/**
 * u ← u + λ x, of all parameters, a model's intercept included: before the momentum it is a ridge
 * penalty as PyTorch's {@code weight_decay}; after an adaptive scaling it is decoupled decay
 * (Loshchilov and Hutter 2019).
 *
 * @param rate λ, at least 0
 */
public record AddDecayedWeights(double rate) implements GradientTransform<Stateless> {
  private static final long serialVersionUID = 1L;

  public AddDecayedWeights {
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the decay is a finite number of at least 0, not " + rate);
    }
  }

  @Override
  public Stateless init(int dimension) {
    return new Stateless();
  }

  @Override
  public Stateless update(double[] updates, Stateless state, Step step) {
    double[] parameters = step.parameters();
    for (int j = 0; j < updates.length; j++) {
      updates[j] += rate * parameters[j];
    }
    return state;
  }
}
