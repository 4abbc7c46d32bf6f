package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * One step of the rule for every {@code every} gradients, of their mean or sum; no movement in
 * between. PyTorch users write the loop, optax calls it {@code MultiSteps}, Keras {@code
 * gradient_accumulation_steps}.
 *
 * <p>The clock of schedules in the rule counts the rule's own steps in PyTorch and optax, gradients
 * in Keras.
 *
 * @param every at least 1
 * @param rule its output is what is added
 */
public record Accumulate(long every, Reduction reduction, Clock clock, Chain rule)
    implements TensorTransform<Accumulate.State> {
  private static final long serialVersionUID = 1L;

  /** What the rule sees. */
  public enum Reduction {
    MEAN,
    SUM
  }

  /** What the rule's schedules count. */
  public enum Clock {
    STEPS,
    GRADIENTS
  }

  public Accumulate {
    Ranges.checkCount("every", every);
  }

  /** The sum so far, how many gradients it has, and the rule's own state. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] sum, long gradients, Chain.State inner) {}

  @Override
  public State init(Tensors tensors) {
    return new State(new double[tensors.dimension()], 0, rule.init(tensors));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] sum = state.sum();
    for (int j = 0; j < updates.length; j++) {
      sum[j] += updates[j];
    }
    long gradients = state.gradients() + 1;
    if (gradients < every) {
      Arrays.fill(updates, 0);
      return new State(sum, gradients, state.inner());
    }
    double share = reduction == Reduction.MEAN ? every : 1;
    for (int j = 0; j < updates.length; j++) {
      updates[j] = sum[j] / share;
      sum[j] = 0;
    }
    return new State(sum, 0, rule.update(updates, state.inner(), step.numbered(number(step))));
  }

  private long number(Step step) {
    return clock == Clock.STEPS ? step.number() / every : step.number();
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(clock == Clock.STEPS ? step / every : step);
  }

  /** What the rule takes for one batch is the mean of several, which come again in their order. */
  @Override
  public Repeats repeats() {
    Repeats own = rule.repeats();
    return own.times() == 1 ? own : new Repeats(own.times(), own.run() * every);
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    return rule.served(parameters, state.inner(), tensors);
  }
}
