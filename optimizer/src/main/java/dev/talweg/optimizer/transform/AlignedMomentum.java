package dev.talweg.optimizer.transform;

/**
 * Torque-aware momentum (Malviya et al. 2024): a gradient enters the velocity by how well it agrees
 * with it. s ← γ s + (1 − γ)(v/‖v‖)(u/‖u‖) entry by entry, v ← μ v + ((1 + s)/2 + ε) u, u ← v.
 *
 * <p>The paper's s is the cosine, one number a tensor; this is pytorch_optimizer's, which does not
 * sum the products up, and takes the norms of a matrix column by column.
 *
 * @param momentum μ, in [0, 1)
 * @param decay γ, in [0, 1)
 * @param epsilon at least 0
 */
public record AlignedMomentum(double momentum, double decay, double epsilon, Start start)
    implements GradientTransform<AlignedMomentum.State> {
  private static final long serialVersionUID = 1L;

  /** So small norms count as this: that of PyTorch's {@code normalize}. */
  private static final double LEAST = 1e-12;

  /** v before the first step. */
  public enum Start {
    /** 0: AdaTAM. */
    ZERO,
    /** The first gradient, which then counts twice: TAM. */
    GRADIENT
  }

  public AlignedMomentum {
    Ranges.checkShare("momentum", momentum);
    Ranges.checkShare("decay", decay);
    Ranges.checkNotNegative("epsilon", epsilon);
  }

  /** v, s, and whether a step was taken. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] velocity, double[] alignment, boolean begun) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], false);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] velocity = state.velocity();
    if (!state.begun() && start == Start.GRADIENT) {
      System.arraycopy(updates, 0, velocity, 0, updates.length);
    }
    for (Tensor tensor : step.tensors().tensors()) {
      int columns = tensor.matrix() ? tensor.columns() : 1;
      for (int column = 0; column < columns; column++) {
        align(updates, state, tensor.from() + column, tensor.end(), columns);
      }
    }
    return new State(velocity, state.alignment(), true);
  }

  /** Every {@code stride}-th entry from {@code from} on, as one vector. */
  private void align(double[] updates, State state, int from, int end, int stride) {
    double[] v = state.velocity();
    double[] s = state.alignment();
    double ofVelocity = norm(v, from, end, stride);
    double ofGradient = norm(updates, from, end, stride);
    for (int j = from; j < end; j += stride) {
      double u = updates[j];
      s[j] += (1 - decay) * (v[j] / ofVelocity * (u / ofGradient) - s[j]);
      v[j] = momentum * v[j] + ((1 + s[j]) / 2 + epsilon) * u;
      updates[j] = v[j];
    }
  }

  private static double norm(double[] x, int from, int end, int stride) {
    double[] own = new double[(end - from + stride - 1) / stride];
    for (int k = 0; k < own.length; k++) {
      own[k] = x[from + k * stride];
    }
    return Math.max(Norms.euclidean(own), LEAST);
  }
}
