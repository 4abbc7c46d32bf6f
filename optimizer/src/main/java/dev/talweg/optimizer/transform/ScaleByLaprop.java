package dev.talweg.optimizer.transform;

/**
 * LaProp's scaling (Ziyin et al. 2020), which comes before the momentum and not after it as Adam's:
 * v ← β v + (1 − β) u², u ← u √(1 − βᵗ)/(√(v + ε₀) + ε). Centred, v − a² with a ← β a + (1 − β) u
 * divides, but not in the first steps, where it is near 0. A bias-corrected {@link Ema} follows in
 * the chain.
 *
 * @param decay β, in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param root ε₀, at least 0, in units of its square
 * @param after the last step without a centre
 */
public record ScaleByLaprop(
    double decay, double epsilon, double root, ScaleByRms.Centre centre, long after, Bound bound)
    implements GradientTransform<ScaleByLaprop.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByLaprop {
    Ranges.checkShare("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
  }

  /** v, a and the largest v (empty where they are not kept) and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] square, double[] mean, double[] largest, long steps) {}

  private boolean centred() {
    return centre == ScaleByRms.Centre.MEAN;
  }

  @Override
  public State init(int dimension) {
    double[] mean = new double[centred() ? dimension : 0];
    return new State(new double[dimension], mean, bound.memory(dimension), 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] v = state.square();
    double[] a = state.mean();
    double[] largest = state.largest();
    long steps = state.steps() + 1;
    double c = 1 - StrictMath.pow(decay, (double) steps);
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      v[j] = decay * v[j] + (1 - decay) * u * u;
      double square = v[j];
      if (centred()) {
        a[j] += (1 - decay) * (u - a[j]);
        square = steps > after ? Math.max(0, square - a[j] * a[j]) : square;
      }
      square = bound.of(square, largest, j);
      updates[j] = u / Epsilon.HAT.denominator(square + root, c, epsilon);
    }
    return new State(v, a, largest, steps);
  }
}
