package dev.talweg.optimizer.transform;

/**
 * Adadelta (Zeiler 2012): v ← ρ v + (1 − ρ) u², u ← u √(d + ε)/√(v + ε), d ← ρ d + (1 − ρ) u². The
 * accumulator d takes the update before the learning rate, in all libraries; the paper has no rate.
 *
 * @param decay ρ, in [0, 1)
 * @param epsilon above 0: sets the size of the first steps
 */
public record ScaleByAdadelta(double decay, double epsilon)
    implements GradientTransform<ScaleByAdadelta.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAdadelta {
    Ranges.checkShare("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** v and d. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] square, double[] moved) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension]);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] v = state.square();
    double[] d = state.moved();
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      v[j] = decay * v[j] + (1 - decay) * u * u;
      double update = Math.sqrt(d[j] + epsilon) / Math.sqrt(v[j] + epsilon) * u;
      d[j] = decay * d[j] + (1 - decay) * update * update;
      updates[j] = update;
    }
    return new State(v, d);
  }
}
