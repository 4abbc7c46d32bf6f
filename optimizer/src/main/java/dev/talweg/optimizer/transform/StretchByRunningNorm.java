package dev.talweg.optimizer.transform;

/**
 * AdaNorm's correction (Dubey, Singh and Chaudhuri 2023): of each tensor e ← r e + (1 − r)‖u‖, and
 * u ← u · e/‖u‖ where e is larger: no gradient is shorter than they are on average. In Adam it is
 * for the mean alone, not for the mean square.
 *
 * @param decay r, in [0, 1)
 */
public record StretchByRunningNorm(double decay)
    implements TensorTransform<StretchByRunningNorm.State> {
  private static final long serialVersionUID = 1L;

  public StretchByRunningNorm {
    Ranges.checkShare("decay", decay);
  }

  /** e of each tensor. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] norm) {}

  @Override
  public State init(Tensors tensors) {
    return new State(new double[tensors.tensors().size()]);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] e = state.norm();
    int k = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      double norm = Norms.euclidean(updates, tensor);
      e[k] = decay * e[k] + (1 - decay) * norm;
      if (norm > 0 && e[k] > norm) {
        double factor = e[k] / norm;
        for (int j = tensor.from(); j < tensor.end(); j++) {
          updates[j] *= factor;
        }
      }
      k++;
    }
    return new State(e);
  }
}
