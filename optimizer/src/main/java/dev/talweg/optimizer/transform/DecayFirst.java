package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * Decoupled decay before the rule: x ← (1 − r_t) x, and the rule sees the decayed parameters. It
 * differs from {@link DecayWeights} only for rules that measure parameters, such as Adafactor and
 * Keras' Lamb.
 *
 * @param rate r
 * @param rule its output is what is added, so its last word turns uphill into downhill
 */
public record DecayFirst(Schedule rate, Chain rule) implements TensorTransform<Chain.State> {
  private static final long serialVersionUID = 1L;

  @Override
  public Chain.State init(Tensors tensors) {
    return rule.init(tensors);
  }

  @Override
  public Chain.State update(double[] updates, Chain.State state, Step step) {
    double r = step.now(rate);
    double[] decayed = step.parameters().clone();
    for (int j = 0; j < decayed.length; j++) {
      decayed[j] -= r * decayed[j];
    }
    Chain.State next = rule.update(updates, state, step.at(decayed));
    for (int j = 0; j < updates.length; j++) {
      updates[j] -= r * step.parameters()[j];
    }
    return next;
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }

  @Override
  public double[] served(double[] parameters, Chain.State state, Tensors tensors) {
    return rule.served(parameters, state, tensors);
  }
}
