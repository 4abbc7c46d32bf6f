package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * RMSprop (Tieleman and Hinton 2012): v ← ρ v + (1 − ρ) u², u ← u/(√v + ε). Centred (Graves 2013),
 * v is the variance: v − a² with a ← ρ a + (1 − ρ) u.
 *
 * <p>PyTorch has ρ = 0.99 and ε outside of the root; Keras, TensorFlow and optax have ρ = 0.9 and ε
 * inside; TensorFlow 1 starts v at 1, so its first steps are small where the others' are 1/√(1 − ρ)
 * of the rate. With momentum PyTorch applies the rate after the velocity, the others before: that
 * is the order of the chain.
 *
 * @param decay ρ, in [0, 1)
 * @param epsilon above 0, in units of the gradient, or of its square if INSIDE
 * @param form UNCORRECTED is √v + ε, INSIDE √(v + ε); CORRECTED and INSIDE_CORRECTED divide v by 1
 *     − ρᵗ first
 * @param root ε₀ inside of the root beside the ε of UNCORRECTED and CORRECTED, at least 0
 * @param initial v before the first step, at least 0
 */
public record ScaleByRms(
    double decay, double epsilon, double root, Form form, double initial, Centre centre)
    implements GradientTransform<ScaleByRms.State> {
  private static final long serialVersionUID = 1L;

  /** Where ε stands. */
  public enum Form {
    UNCORRECTED,
    INSIDE,
    CORRECTED,
    INSIDE_CORRECTED
  }

  /** What v is. */
  public enum Centre {
    NONE,
    MEAN
  }

  public ScaleByRms {
    Ranges.checkShare("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
    Ranges.checkNotNegative("initial", initial);
  }

  /** With one ε. */
  public ScaleByRms(double decay, double epsilon, Form form, double initial, Centre centre) {
    this(decay, epsilon, 0, form, initial, centre);
  }

  /** v, a (empty where it is not centred) and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] square, double[] mean, long steps) {}

  @Override
  public State init(int dimension) {
    double[] square = new double[dimension];
    Arrays.fill(square, initial);
    return new State(square, new double[centre == Centre.MEAN ? dimension : 0], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] v = state.square();
    double[] a = state.mean();
    long steps = state.steps() + 1;
    boolean corrected = form == Form.CORRECTED || form == Form.INSIDE_CORRECTED;
    boolean inside = form == Form.INSIDE || form == Form.INSIDE_CORRECTED;
    double c = corrected ? 1 - StrictMath.pow(decay, (double) steps) : 1;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      v[j] = decay * v[j] + (1 - decay) * u * u;
      double square = v[j] / c;
      if (centre == Centre.MEAN) {
        a[j] = decay * a[j] + (1 - decay) * u;
        double mean = a[j] / c;
        square = Math.max(0, square - mean * mean);
      }
      updates[j] = u / (inside ? Math.sqrt(square + epsilon) : Math.sqrt(square + root) + epsilon);
    }
    return new State(v, a, steps);
  }
}
