package dev.talweg.optimizer.transform;

/**
 * One rule until a step, another from it on. Both follow every gradient, so that the second knows
 * them when its turn comes.
 *
 * @param steps of the first rule, at least 0
 * @param before whose output is what is added until then
 * @param after whose output is what is added from then on
 */
public record Until(long steps, Chain before, Chain after) implements TensorTransform<Until.State> {
  private static final long serialVersionUID = 1L;

  public Until {
    Ranges.checkNotNegative("steps", (double) steps);
  }

  /** The steps so far, and the states of both. */
  public record State(long steps, Chain.State before, Chain.State after) {}

  @Override
  public State init(Tensors tensors) {
    return new State(0, before.init(tensors), after.init(tensors));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] other = updates.clone();
    Chain.State first = before.update(other, state.before(), step);
    Chain.State second = after.update(updates, state.after(), step);
    if (state.steps() < steps) {
      System.arraycopy(other, 0, updates, 0, other.length);
    }
    return new State(state.steps() + 1, first, second);
  }

  @Override
  public double learningRate(long step) {
    return (step < steps ? before : after).learningRate(step);
  }
}
