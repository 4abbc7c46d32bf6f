package dev.talweg.optimizer.transform;

/**
 * Lookahead (Zhang et al. 2019): k steps of a fast rule, then slow ← slow + α(fast − slow) and fast
 * ← slow. The slow parameters are served. Of a rule that takes several gradients of a batch these
 * are one step.
 *
 * @param period k, at least 1
 * @param rate α, in (0, 1]
 * @param after what happens to the rule's memory at a synchronization
 * @param rule the fast one: its output is what is added
 */
public record Lookahead(long period, double rate, Memory after, Chain rule)
    implements TensorTransform<Lookahead.State> {
  private static final long serialVersionUID = 1L;

  /** What the rule remembers across a synchronization. */
  public enum Memory {
    KEPT,
    /** Begins anew: optax' {@code reset_state}. */
    RESET,
    /** Velocities ({@link Momentum}) go the way of the parameters: a slow one follows them. */
    PULLED_BACK
  }

  public Lookahead {
    Ranges.checkCount("period", period);
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate is above 0 and at most 1, not " + rate);
    }
  }

  /** The slow parameters, slow velocities, the steps so far, and the rule's own state. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] slow, double[] velocities, long steps, Chain.State inner) {}

  @Override
  public State init(Tensors tensors) {
    int d = tensors.dimension();
    return new State(new double[d], none(d), 0, rule.init(tensors));
  }

  private double[] none(int dimension) {
    long moving = rule.transforms().stream().filter(Momentum.class::isInstance).count();
    return new double[after == Memory.PULLED_BACK ? Math.toIntExact(moving * dimension) : 0];
  }

  private void pullBack(double[] slow, Chain.State inner) {
    int at = 0;
    for (Record part : inner.parts()) {
      if (part instanceof Momentum.State momentum) {
        for (double fast : momentum.velocity()) {
          slow[at] += rate * (fast - slow[at]);
          momentum.velocity()[at % momentum.velocity().length] = slow[at++];
        }
      }
    }
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] slow = state.slow();
    double[] fast = step.parameters();
    long steps = state.steps() + 1;
    if (steps == 1) {
      System.arraycopy(fast, 0, slow, 0, slow.length);
    }
    Chain.State inner = rule.update(updates, state.inner(), step);
    if (steps % (period * rule.repeats().times()) != 0) {
      return new State(slow, state.velocities(), steps, inner);
    }
    if (after == Memory.PULLED_BACK) {
      pullBack(state.velocities(), inner);
    }
    for (int j = 0; j < updates.length; j++) {
      slow[j] += rate * (fast[j] + updates[j] - slow[j]);
      updates[j] = slow[j] - fast[j];
    }
    Chain.State then = after == Memory.RESET ? rule.init(step.tensors()) : inner;
    return new State(slow, state.velocities(), steps, then);
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }

  @Override
  public Repeats repeats() {
    return rule.repeats();
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    return state.steps() == 0 ? parameters : state.slow();
  }
}
