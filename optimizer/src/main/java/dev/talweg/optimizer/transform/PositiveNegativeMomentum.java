package dev.talweg.optimizer.transform;

/**
 * Positive-negative momentum (Xie et al. 2021): two running means take turns, m ← β₁² m + (1 − β₁²)
 * u the one that is two steps old, m′ the other; u ← ((1 + β₀) m − β₀ m′)/√((1 + β₀)² + β₀²)/(1 −
 * β₁ᵗ), which has the mean's direction and more of the noise.
 *
 * @param decay β₁, in [0, 1)
 * @param negative β₀, in [0, 1]; 0 leaves the mean of every other gradient
 */
public record PositiveNegativeMomentum(double decay, double negative)
    implements GradientTransform<PositiveNegativeMomentum.State> {
  private static final long serialVersionUID = 1L;

  public PositiveNegativeMomentum {
    Ranges.checkShare("decay", decay);
    Ranges.checkUpToOne("negative", negative);
  }

  /** The mean of the last step, that of the step before, and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] last, double[] before, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.before();
    double[] other = state.last();
    long steps = state.steps() + 1;
    double positive = 1 + negative;
    double noise = Math.sqrt(positive * positive + negative * negative);
    double below = noise * (1 - StrictMath.pow(decay, (double) steps));
    for (int j = 0; j < updates.length; j++) {
      m[j] += (1 - decay * decay) * (updates[j] - m[j]);
      updates[j] = (positive * m[j] - negative * other[j]) / below;
    }
    return new State(m, other, steps);
  }
}
