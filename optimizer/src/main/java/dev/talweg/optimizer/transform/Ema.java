package dev.talweg.optimizer.transform;

/**
 * A running mean: m ← β m + (1 − β) u, u ← m; bias-corrected m/(1 − βᵗ); with Nesterov's look-ahead
 * β m + (1 − β) u, corrected as β m/(1 − βᵗ⁺¹) + (1 − β) u/(1 − βᵗ).
 *
 * @param decay β, in [0, 1)
 */
public record Ema(double decay, Correction correction, Momentum.Form form)
    implements GradientTransform<Ema.State> {
  private static final long serialVersionUID = 1L;

  /** Whether the mean is divided by what of it has begun. */
  public enum Correction {
    NONE,
    BIAS
  }

  public Ema {
    Ranges.checkShare("decay", decay);
  }

  /** m and the number of steps in it. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    long steps = state.steps() + 1;
    boolean corrected = correction == Correction.BIAS;
    double now = corrected ? 1 - StrictMath.pow(decay, (double) steps) : 1;
    double next = corrected ? 1 - StrictMath.pow(decay, steps + 1.0) : 1;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] = decay * m[j] + (1 - decay) * u;
      updates[j] =
          form == Momentum.Form.NESTEROV ? decay * m[j] / next + (1 - decay) * u / now : m[j] / now;
    }
    return new State(m, steps);
  }
}
