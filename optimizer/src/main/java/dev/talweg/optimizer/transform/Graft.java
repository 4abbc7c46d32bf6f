package dev.talweg.optimizer.transform;

/**
 * The direction of one rule with the length of another (Agarwal et al. 2020, arXiv 2002.11803):
 * each tensor's u ← d · ‖l‖/(‖d‖ + ε), so that a rate that is known for the second serves the
 * first.
 *
 * @param direction gives d
 * @param length gives l
 * @param epsilon above 0; 1e-16
 */
public record Graft(Chain direction, Chain length, double epsilon)
    implements TensorTransform<Graft.State> {
  private static final long serialVersionUID = 1L;

  public Graft {
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** The states of both. */
  public record State(Chain.State direction, Chain.State length) {}

  @Override
  public State init(Tensors tensors) {
    return new State(direction.init(tensors), length.init(tensors));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] lengths = updates.clone();
    Chain.State ofLength = length.update(lengths, state.length(), step);
    Chain.State ofDirection = direction.update(updates, state.direction(), step);
    for (Tensor tensor : step.tensors().tensors()) {
      double factor =
          Norms.euclidean(lengths, tensor) / (Norms.euclidean(updates, tensor) + epsilon);
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] *= factor;
      }
    }
    return new State(ofDirection, ofLength);
  }
}
