package dev.talweg.optimizer.transform;

/**
 * NovoGrad's scaling (Ginsburg et al. 2019): one second moment a tensor, v ← ‖u‖² at the first
 * step, then β v + (1 − β)‖u‖²; u ← u/(√v + ε). Decay and a sum of momentum follow in the chain.
 *
 * @param decay β, in [0, 1)
 * @param epsilon above 0, in units of the gradient
 */
public record ScaleByTensorNorm(double decay, double epsilon)
    implements TensorTransform<ScaleByTensorNorm.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByTensorNorm {
    Ranges.checkShare("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** v of each tensor, and the number of steps in it. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] square, long steps) {}

  @Override
  public State init(Tensors tensors) {
    return new State(new double[tensors.tensors().size()], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] v = state.square();
    int k = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      double norm = Norms.euclidean(updates, tensor);
      v[k] = state.steps() == 0 ? norm * norm : decay * v[k] + (1 - decay) * norm * norm;
      double below = Math.sqrt(v[k]) + epsilon;
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] /= below;
      }
      k++;
    }
    return new State(v, state.steps() + 1);
  }
}
