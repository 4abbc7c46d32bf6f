package dev.talweg.optimizer.transform;

/**
 * Heavy ball (Polyak 1964) in PyTorch's form, outside the learning rate: v ← μ v + (1 − τ) u, but v
 * = u at the first step; u ← v, or u + μ v with Nesterov's look-ahead.
 *
 * @param decay μ, in [0, 1)
 * @param dampening τ, in [0, 1]
 */
public record Momentum(double decay, double dampening, Form form)
    implements GradientTransform<Momentum.State> {
  private static final long serialVersionUID = 1L;

  /** Which update the velocity gives. */
  public enum Form {
    HEAVY_BALL,
    NESTEROV
  }

  public Momentum {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("momentum is at least 0 and below 1, not " + decay);
    }
    if (!(dampening >= 0 && dampening <= 1)) {
      throw new IllegalArgumentException("dampening is in [0, 1], not " + dampening);
    }
    if (form == Form.NESTEROV && dampening != 0) {
      throw new IllegalArgumentException("Nesterov's form has no dampening: " + dampening);
    }
  }

  /** Without dampening. */
  public Momentum(double decay, Form form) {
    this(decay, 0, form);
  }

  /** v, and whether it holds a step. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] velocity, boolean begun) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], false);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] velocity = state.velocity();
    double share = state.begun() ? 1 - dampening : 1;
    for (int j = 0; j < updates.length; j++) {
      velocity[j] = decay * velocity[j] + share * updates[j];
      updates[j] = form == Form.NESTEROV ? updates[j] + decay * velocity[j] : velocity[j];
    }
    return new State(velocity, true);
  }
}
