package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Schedule;

/**
 * Heavy ball (Polyak 1964): v ← μ v + (1 − τ) u, but v = u at the first step; u ← v, or u + μ v
 * with Nesterov's look-ahead.
 *
 * <p>Before the learning rate in a chain it is PyTorch's and optax' form, whose velocity is a
 * gradient; after it, Keras', scikit-learn's and optax' RMSprop's, whose velocity is a step. They
 * are the same for a constant rate only: after a cut of the rate the second still carries old, long
 * steps.
 *
 * @param decay μ, in [0, 1), a schedule where a cycle moves it
 * @param dampening τ, in [0, 1]
 */
public record Momentum(Schedule decay, double dampening, Form form)
    implements GradientTransform<Momentum.State> {
  private static final long serialVersionUID = 1L;

  /** Which update the velocity gives. */
  public enum Form {
    HEAVY_BALL,
    NESTEROV
  }

  public Momentum {
    Ranges.checkShare("momentum", decay);
    Ranges.checkUpToOne("dampening", dampening);
    if (form == Form.NESTEROV && dampening != 0) {
      throw new IllegalArgumentException("Nesterov's form has no dampening: " + dampening);
    }
  }

  /** A constant momentum. */
  public Momentum(double decay, double dampening, Form form) {
    this(new Constant(decay), dampening, form);
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
    double mu = decay.at(step.number());
    double share = state.begun() ? 1 - dampening : 1;
    for (int j = 0; j < updates.length; j++) {
      velocity[j] = mu * velocity[j] + share * updates[j];
      updates[j] = form == Form.NESTEROV ? updates[j] + mu * velocity[j] : velocity[j];
    }
    return new State(velocity, true);
  }
}
