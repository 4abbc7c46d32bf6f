package dev.talweg.optimizer.transform;

/**
 * Sharpness-aware minimization (Foret et al. 2021): the rule's gradient is taken at x + ρ g/‖g‖, of
 * the batch that g is of. A step of a chain sees one gradient, so one update takes {@code period}
 * steps, as in optax, and {@link #repeats} has all of them be of one batch: the first ones climb,
 * the last returns to x and applies the rule there. In between x is served.
 *
 * @param radius ρ, above 0
 * @param period steps of one update, at least 2
 * @param rule its output is what is added
 */
public record SharpnessAware(double radius, long period, Chain rule)
    implements TensorTransform<SharpnessAware.State> {
  private static final long serialVersionUID = 1L;

  public SharpnessAware {
    Ranges.checkAboveZero("radius", radius);
    if (period < 2) {
      throw new IllegalArgumentException("period is at least 2, not " + period);
    }
  }

  /** x, the phase within the period, and the rule's own state. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] centre, long phase, Chain.State inner) {}

  @Override
  public State init(Tensors tensors) {
    return new State(new double[tensors.dimension()], 0, rule.init(tensors));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] centre = state.centre();
    double[] here = step.parameters();
    if (state.phase() == 0) {
      System.arraycopy(here, 0, centre, 0, centre.length);
    }
    if (state.phase() + 1 < period) {
      double norm = Norms.euclidean(updates);
      for (int j = 0; j < updates.length; j++) {
        updates[j] = norm == 0 ? 0 : radius * (updates[j] / norm);
      }
      return new State(centre, state.phase() + 1, state.inner());
    }
    Step at = step.at(centre).numbered(step.number() / period);
    Chain.State inner = rule.update(updates, state.inner(), at);
    for (int j = 0; j < updates.length; j++) {
      updates[j] = centre[j] + updates[j] - here[j];
    }
    return new State(centre, 0, inner);
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step / period);
  }

  @Override
  public Repeats repeats() {
    return new Repeats(period, 1);
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    return state.phase() == 0 ? parameters : state.centre();
  }
}
