package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * Adagrad (Duchi, Hazan and Singer 2011): a ← a + u², u ← u/(√a + ε), and 0 where a is 0.
 *
 * <p>PyTorch and TensorFlow's V2 kernel have ε outside of the root, Keras and optax inside;
 * TensorFlow's first kernel has none. PyTorch starts at a = 0, whose first step is the rate times
 * the sign; the others at 0.1.
 *
 * @param initial a before the first step, at least 0
 * @param epsilon at least 0
 * @param form UNCORRECTED is √a + ε, INSIDE √(a + ε)
 */
public record ScaleByAdagrad(double initial, double epsilon, Epsilon form)
    implements GradientTransform<ScaleByAdagrad.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAdagrad {
    Ranges.checkNotNegative("initial", initial);
    Ranges.checkNotNegative("epsilon", epsilon);
    if (form != Epsilon.UNCORRECTED && form != Epsilon.INSIDE) {
      throw new IllegalArgumentException("Adagrad's epsilon is UNCORRECTED or INSIDE, not " + form);
    }
  }

  /** a. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] sum) {}

  @Override
  public State init(int dimension) {
    double[] sum = new double[dimension];
    Arrays.fill(sum, initial);
    return new State(sum);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] sum = state.sum();
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      sum[j] += u * u;
      updates[j] = sum[j] == 0 ? 0 : u / form.denominator(sum[j], 1, epsilon);
    }
    return new State(sum);
  }
}
