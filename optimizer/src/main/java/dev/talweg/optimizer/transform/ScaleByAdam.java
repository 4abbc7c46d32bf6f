package dev.talweg.optimizer.transform;

/**
 * Adam (Kingma and Ba 2015), with ε outside of the bias correction as in PyTorch and optax: m ← m +
 * (1 − β₁)(u − m), v ← β₂ v + (1 − β₂) u², u ← m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 −
 * β₂ᵗ).
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 */
public record ScaleByAdam(double beta1, double beta2, double epsilon)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAdam {
    checkDecay("beta1", beta1);
    checkDecay("beta2", beta2);
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("epsilon is a finite number above 0, not " + epsilon);
    }
  }

  private static void checkDecay(String name, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(name + " is at least 0 and below 1, not " + decay);
    }
  }

  /** m, v and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] square, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] mean = state.mean();
    double[] square = state.square();
    long steps = state.steps() + 1;
    double meanCorrection = 1 - StrictMath.pow(beta1, (double) steps);
    double rootCorrection = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps));
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      mean[j] += (1 - beta1) * (u - mean[j]);
      square[j] = beta2 * square[j] + (1 - beta2) * u * u;
      updates[j] = mean[j] / meanCorrection / (Math.sqrt(square[j]) / rootCorrection + epsilon);
    }
    return new State(mean, square, steps);
  }
}
