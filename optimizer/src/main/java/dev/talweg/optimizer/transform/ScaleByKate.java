package dev.talweg.optimizer.transform;

/**
 * KATE (Choudhury et al. 2024): Adagrad without its root, so that the scale of a feature does not
 * matter. b ← b + u² + ε, m ← m + δ u² + u²/b, u ← √m u/b.
 *
 * @param delta δ, in [0, 1): the paper's η
 * @param epsilon above 0, added to b at every step
 */
public record ScaleByKate(double delta, double epsilon)
    implements GradientTransform<ScaleByKate.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByKate {
    Ranges.checkShare("delta", delta);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** b and m. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] squares, double[] ratios) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension]);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] b = state.squares();
    double[] m = state.ratios();
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      b[j] += u * u + epsilon;
      m[j] += delta * u * u + u * u / b[j];
      updates[j] = Math.sqrt(m[j]) * u / b[j];
    }
    return new State(b, m);
  }
}
