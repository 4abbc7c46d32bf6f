package dev.talweg.optimizer.transform;

/**
 * Lookahead (Zhang et al. 2019): k steps of a fast rule, then slow ← slow + α(fast − slow) and fast
 * ← slow. The slow parameters are served.
 *
 * @param period k, at least 1
 * @param rate α, in (0, 1]
 * @param after what happens to the rule's memory at a synchronization
 * @param rule the fast one: its output is what is added
 */
public record Lookahead(long period, double rate, Memory after, Chain rule)
    implements GradientTransform<Lookahead.State> {
  private static final long serialVersionUID = 1L;

  /** What the rule remembers across a synchronization. */
  public enum Memory {
    KEPT,
    /** Begins anew: optax' {@code reset_state}. */
    RESET
  }

  public Lookahead {
    Ranges.checkCount("period", period);
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate is above 0 and at most 1, not " + rate);
    }
  }

  /** The slow parameters, the steps so far, and the rule's own state. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] slow, long steps, Chain.State inner) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], 0, rule.init(dimension));
  }

  @Override
  public State init(Tensors tensors) {
    return new State(new double[tensors.dimension()], 0, rule.init(tensors));
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
    if (steps % period != 0) {
      return new State(slow, steps, inner);
    }
    for (int j = 0; j < updates.length; j++) {
      slow[j] += rate * (fast[j] + updates[j] - slow[j]);
      updates[j] = slow[j] - fast[j];
    }
    return new State(slow, steps, after == Memory.RESET ? rule.init(step.tensors()) : inner);
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    return state.steps() == 0 ? parameters : state.slow();
  }
}
