package dev.talweg.optimizer.transform;

/**
 * QHM (Ma and Yarats 2019): m ← β m + (1 − β) u, u ← ν m + (1 − ν) u: between gradient descent (ν =
 * 0) and a running mean (ν = 1); ν = β is Nesterov's form of it.
 *
 * @param decay β, in [0, 1)
 * @param share ν, in [0, 1]
 */
public record QuasiHyperbolicMomentum(double decay, double share)
    implements GradientTransform<QuasiHyperbolicMomentum.State> {
  private static final long serialVersionUID = 1L;

  public QuasiHyperbolicMomentum {
    Ranges.checkShare("decay", decay);
    Ranges.checkUpToOne("share", share);
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
      m[j] += (1 - decay) * (updates[j] - m[j]);
      updates[j] = share * m[j] + (1 - share) * updates[j];
    }
    return new State(m);
  }
}
