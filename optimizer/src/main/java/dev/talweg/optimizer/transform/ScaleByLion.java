package dev.talweg.optimizer.transform;

/**
 * Lion (Chen et al. 2023): u ← sign(β₁ m + (1 − β₁) u), then m ← β₂ m + (1 − β₂) u of the gradient.
 * One vector of state, and every entry moves by the rate: rates are a third to a tenth of Adam's,
 * decays as many times larger.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 */
public record ScaleByLion(double beta1, double beta2)
    implements GradientTransform<ScaleByLion.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByLion {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
  }

  /** m. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension]);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      updates[j] = Math.signum(beta1 * m[j] + (1 - beta1) * u);
      m[j] = beta2 * m[j] + (1 - beta2) * u;
    }
    return new State(m);
  }
}
