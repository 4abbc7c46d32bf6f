package dev.talweg.optimizer.transform;

/**
 * A rule's lengths in the gradient's direction, entry by entry: u ← |rule(u)| sign(u). Of Adam it
 * is Grams (Cao, Li and Song 2024), whose momentum says how far and never where to.
 */
public record TurnToGradient(Chain rule) implements TensorTransform<Chain.State> {
  private static final long serialVersionUID = 1L;

  @Override
  public Chain.State init(Tensors tensors) {
    return rule.init(tensors);
  }

  @Override
  public Chain.State update(double[] updates, Chain.State state, Step step) {
    double[] gradient = updates.clone();
    Chain.State next = rule.update(updates, state, step);
    for (int j = 0; j < updates.length; j++) {
      updates[j] = Math.abs(updates[j]) * Math.signum(gradient[j]);
    }
    return next;
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }
}
