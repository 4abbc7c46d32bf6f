package dev.talweg.optimizer.transform;

/**
 * A momentum of what a rule gave: u ← rule((1 − μ) u + μ b), b ← u, where b is the first gradient
 * at the start. pytorch_optimizer's Shampoo has it, whose steps go through its preconditioner
 * again.
 *
 * @param decay μ, in [0, 1)
 * @param rule between the gradient and the rate
 */
public record ReturnedMomentum(double decay, Chain rule)
    implements TensorTransform<ReturnedMomentum.State> {
  private static final long serialVersionUID = 1L;

  public ReturnedMomentum {
    Ranges.checkShare("momentum", decay);
  }

  /** b, whether it has a gradient, and the rule's own state. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] before, boolean begun, Chain.State inner) {}

  @Override
  public State init(Tensors tensors) {
    return new State(new double[tensors.dimension()], false, rule.init(tensors));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] before = state.before();
    for (int j = 0; state.begun() && j < updates.length; j++) {
      updates[j] += decay * (before[j] - updates[j]);
    }
    Chain.State inner = rule.update(updates, state.inner(), step);
    System.arraycopy(updates, 0, before, 0, before.length);
    return new State(before, true, inner);
  }
}
