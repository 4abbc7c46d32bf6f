package dev.talweg.optimizer.transform;

/**
 * StableAdamW (Wortsman et al. 2023): AdamW whose whole step is shorter where a gradient surprises
 * its mean square. u ← (m̂/(√v̂ + ε) + λ x)/max(1, ρ) with ρ² the mean of u²/max(v̂, ε²) over a
 * tensor.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param decay λ, at least 0
 */
public record ScaleByStableAdam(double beta1, double beta2, double epsilon, double decay)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByStableAdam {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("decay", decay);
  }

  private ScaleByAdam adam() {
    return new ScaleByAdam(beta1, beta2, epsilon);
  }

  @Override
  public ScaleByAdam.State init(int dimension) {
    return adam().init(dimension);
  }

  @Override
  public ScaleByAdam.State update(double[] updates, ScaleByAdam.State state, Step step) {
    double[] gradient = updates.clone();
    ScaleByAdam.State next = adam().update(updates, state, step);
    double c2 = 1 - StrictMath.pow(beta2, (double) next.steps());
    double[] x = step.parameters();
    for (Tensor tensor : step.tensors().tensors()) {
      double sum = 0;
      for (int j = tensor.from(); j < tensor.end(); j++) {
        double square = Math.max(next.square()[j] / c2, epsilon * epsilon);
        sum += gradient[j] * gradient[j] / square;
      }
      double below = Math.max(1, Math.sqrt(sum / tensor.length()));
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] = (updates[j] + decay * x[j]) / below;
      }
    }
    return next;
  }
}
