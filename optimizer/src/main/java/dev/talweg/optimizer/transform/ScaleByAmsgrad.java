package dev.talweg.optimizer.transform;

/**
 * AMSGrad (Reddi, Kale and Kumar 2018): Adam whose root mean square never falls. m ← m + (1 − β₁)(u
 * − m), v ← β₂ v + (1 − β₂) u², h ← max(h, v), u ← m̂/(√ĥ + ε).
 *
 * <p>The paper has no bias correction. PyTorch, Keras and TensorFlow take the maximum of raw v and
 * correct it afterwards; optax takes the maximum of the corrected v̂, which freezes a large early
 * one, or with {@code bias_correction_nu=False} never corrects.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param form CORRECTED or HAT, where the maximum is of raw v
 * @param meanCorrected whether m is divided by 1 − β₁ᵗ
 */
public record ScaleByAmsgrad(
    double beta1,
    double beta2,
    double epsilon,
    Epsilon form,
    Maximum maximum,
    MeanCorrection meanCorrected)
    implements GradientTransform<ScaleByAmsgrad.State> {
  private static final long serialVersionUID = 1L;

  /** What the maximum is taken of. */
  public enum Maximum {
    /** v, corrected after: PyTorch, Keras, TensorFlow. */
    RAW,
    /** v̂: optax. */
    CORRECTED,
    /** v, never corrected: the paper. */
    NEVER_CORRECTED
  }

  /** Whether the mean is bias-corrected. */
  public enum MeanCorrection {
    CORRECTED,
    NONE
  }

  public ScaleByAmsgrad {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** m, v, h and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] square, double[] largest, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], new double[dimension], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    double[] h = state.largest();
    long steps = state.steps() + 1;
    double c1 =
        meanCorrected == MeanCorrection.CORRECTED ? 1 - StrictMath.pow(beta1, (double) steps) : 1;
    double c2 = 1 - StrictMath.pow(beta2, (double) steps);
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      h[j] = Math.max(h[j], maximum == Maximum.CORRECTED ? v[j] / c2 : v[j]);
      double below =
          maximum == Maximum.RAW ? form.denominator(h[j], c2, epsilon) : Math.sqrt(h[j]) + epsilon;
      updates[j] = m[j] / c1 / below;
    }
    return new State(m, v, h, steps);
  }
}
