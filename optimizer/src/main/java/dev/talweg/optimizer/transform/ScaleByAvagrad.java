package dev.talweg.optimizer.transform;

/**
 * AvaGrad (Savarese et al. 2021): Adam divided by the root mean square before this gradient, in
 * units of the average entry. m ← m + (1 − β₁)(u − m), u ← γ m̂/(√v̂ + ε) with v of the step
 * before, then v ← β₂ v + (1 − β₂) u². The first step stays.
 *
 * <p>The paper's γ = (Σ η²/n)^−½ is of this step's η = 1/(√v̂ + ε); pytorch_optimizer's, which this
 * is, of the step before.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient: how far entries differ
 */
public record ScaleByAvagrad(double beta1, double beta2, double epsilon)
    implements GradientTransform<ScaleByAvagrad.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAvagrad {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** m, v, γ and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] square, double normalizer, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], 0, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    long steps = state.steps() + 1;
    double factor = state.normalizer() / (1 - StrictMath.pow(beta1, (double) steps));
    double before = Math.sqrt(1 - StrictMath.pow(beta2, steps - 1.0));
    double now = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps));
    double sum = 0;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      double root = Math.sqrt(v[j]);
      updates[j] = steps == 1 ? 0 : factor * m[j] / (root / before + epsilon);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      double below = root / now + epsilon;
      sum += 1 / (below * below);
    }
    return new State(m, v, 1 / Math.sqrt(sum / updates.length), steps);
  }
}
