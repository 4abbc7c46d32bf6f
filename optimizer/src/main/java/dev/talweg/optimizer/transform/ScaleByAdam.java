package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.kernel.Strips;

/**
 * Adam (Kingma and Ba 2015): m ← m + (1 − β₁)(u − m), v ← β₂ v + (1 − β₂) u², u ← m̂/(√(v̂ + ε₀) +
 * ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
 *
 * <p>Libraries differ in where ε stands ({@link Epsilon}: optax alone has ε₀ beside it) and in what
 * "Nesterov" means ({@link Mean}); with ε = 1e-2 the places differ by more than a tenth of the way.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon at least 0, in units of the gradient
 * @param root ε₀ inside of the root, at least 0, in units of the squared gradient
 * @param form where ε stands: CORRECTED or HAT; UNCORRECTED is m/(√(v + ε₀) + ε), as it was
 *     (MATLAB's documentation)
 */
public record ScaleByAdam(
    double beta1, double beta2, double epsilon, double root, Epsilon form, Mean mean)
    implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  /** What stands above the root mean square. */
  public enum Mean {
    /** m̂. */
    PLAIN,
    /** β₁ m/(1 − β₁ᵗ⁺¹) + (1 − β₁) u/(1 − β₁ᵗ): optax' {@code nesterov}, its {@code nadam}. */
    NESTEROV,
    /** (β₁ m + (1 − β₁) u)/(1 − β₁ᵗ): TensorFlow's {@code use_nesterov}. */
    NESTEROV_ONE_CORRECTION
  }

  public ScaleByAdam {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkNotNegative("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
    if (!(epsilon + root > 0)) {
      throw new IllegalArgumentException("epsilon is a finite number above 0, not " + epsilon);
    }
    if (form == Epsilon.INSIDE) {
      throw new IllegalArgumentException("Adam has a root epsilon for " + form);
    }
  }

  /** With ε outside of the bias correction, as in PyTorch and optax. */
  public ScaleByAdam(double beta1, double beta2, double epsilon) {
    this(beta1, beta2, epsilon, 0, Epsilon.CORRECTED, Mean.PLAIN);
  }

  /** m, v and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] square, long steps) {
    /** Before the first step. */
    static State zero(int dimension) {
      return new State(new double[dimension], new double[dimension], 0);
    }
  }

  @Override
  public State init(int dimension) {
    return State.zero(dimension);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    long steps = state.steps() + 1;
    boolean corrects = form != Epsilon.UNCORRECTED;
    double c1 = corrects ? 1 - StrictMath.pow(beta1, (double) steps) : 1;
    double next = corrects ? 1 - StrictMath.pow(beta1, steps + 1.0) : 1;
    double c2 = corrects ? 1 - StrictMath.pow(beta2, (double) steps) : 1;
    double rootCorrection = Math.sqrt(c2);
    if (mean == Mean.PLAIN && form == Epsilon.CORRECTED && root == 0) {
      plain(updates, m, v, c1, rootCorrection);
      return new State(m, v, steps);
    }
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      double above =
          switch (mean) {
            case PLAIN -> m[j] / c1;
            case NESTEROV -> beta1 * m[j] / next + (1 - beta1) * u / c1;
            case NESTEROV_ONE_CORRECTION -> (beta1 * m[j] + (1 - beta1) * u) / c1;
          };
      double rms = root == 0 ? Math.sqrt(v[j]) / rootCorrection : Math.sqrt(v[j] / c2 + root);
      updates[j] =
          above
              / (form == Epsilon.HAT
                  ? (Math.sqrt(v[j] + root) + epsilon) / rootCorrection
                  : rms + epsilon);
    }
    return new State(m, v, steps);
  }

  /**
   * The usual case of the same, without a choice in the loop, so that C2 has it in lanes, and with
   * one division: three of them and the root were most of its time.
   */
  private void plain(double[] updates, double[] m, double[] v, double c1, double rootCorrection) {
    double fresh = 1 - beta1;
    double freshSquare = 1 - beta2;
    double scale = 1 / rootCorrection;
    Strips.each(
        updates.length,
        (from, until) -> {
          for (int j = from; j < until; j++) {
            double u = updates[j];
            double first = m[j] + fresh * (u - m[j]);
            double second = beta2 * v[j] + freshSquare * u * u;
            m[j] = first;
            v[j] = second;
            updates[j] = first / (c1 * (Math.sqrt(second) * scale + epsilon));
          }
        });
  }
}
