package dev.talweg.optimizer.transform;

/**
 * NAdam with a schedule of momentum (Dozat 2016): μ_t = β₁(1 − 0.96^{tψ}/2), m ← β₁ m + (1 − β₁) u,
 * v ← β₂ v + (1 − β₂) u², u ← (μ_{t+1} m/(1 − Πμ_{≤t+1}) + (1 − μ_t) u/(1 − Πμ_{≤t}))/(√v̂ + ε).
 *
 * <p>PyTorch has ψ = 4e-3, Keras ψ = 1; optax' {@code nadam} has no schedule at all and is {@link
 * ScaleByAdam} with {@link ScaleByAdam.Mean#NESTEROV}. PyTorch 1.13's single-tensor path multiplied
 * μ_t in twice; this is the later rule.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, after the bias correction in both libraries
 * @param momentumDecay ψ, at least 0
 */
public record ScaleByNadam(double beta1, double beta2, double epsilon, double momentumDecay)
    implements GradientTransform<ScaleByNadam.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByNadam {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("momentumDecay", momentumDecay);
  }

  /** m, v, Πμ and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] square, double product, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], 1, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    long steps = state.steps() + 1;
    double now = momentum(steps);
    double next = momentum(steps + 1);
    double product = state.product() * now;
    double rootCorrection = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps));
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      double above = next * m[j] / (1 - product * next) + (1 - now) * u / (1 - product);
      updates[j] = above / (Math.sqrt(v[j]) / rootCorrection + epsilon);
    }
    return new State(m, v, product, steps);
  }

  private double momentum(long step) {
    return beta1 * (1 - 0.5 * StrictMath.pow(0.96, step * momentumDecay));
  }
}
