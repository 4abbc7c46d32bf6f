package dev.talweg.optimizer.transform;

/**
 * AdaGC's clipping (Wang et al. 2025): each tensor by the norms that it had. From step {@code
 * warmup} on u ← u · min(1, λ max(γ, ε)/max(‖u‖, ε)), then γ ← β γ + (1 − β)‖u‖ of what is left.
 * Before, and at the first step in any case, the whole gradient is cut to a limit, ‖g‖ + ε below,
 * and γ is the smallest ‖u‖ that was.
 *
 * @param limit of the norm of the whole gradient while γ begins, above 0
 * @param relative λ, above 0
 * @param decay β, in [0, 1)
 * @param warmup the first step that is cut by γ, from 1
 * @param epsilon ε, above 0
 */
public record ClipByRunningNorm(
    double limit, double relative, double decay, long warmup, double epsilon)
    implements TensorTransform<ClipByRunningNorm.State> {
  private static final long serialVersionUID = 1L;

  public ClipByRunningNorm {
    Ranges.checkAboveZero("the limit", limit);
    Ranges.checkAboveZero("the relative limit", relative);
    Ranges.checkShare("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** γ of each tensor, and the number of steps in it. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] norm, long steps) {}

  @Override
  public State init(Tensors tensors) {
    return new State(new double[tensors.tensors().size()], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] gamma = state.norm();
    long steps = state.steps() + 1;
    boolean first = steps == 1;
    boolean warms = first || steps < warmup;
    double whole = warms ? Math.min(limit / (Norms.euclidean(updates) + epsilon), 1) : 1;
    int k = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      double norm = Norms.euclidean(updates, tensor);
      double most = relative * Math.max(gamma[k], epsilon);
      double scale = warms ? whole : Math.min(most / Math.max(norm, epsilon), 1);
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] *= scale;
      }
      double left = scale * norm;
      if (warms) {
        gamma[k] = first ? left : Math.min(gamma[k], left);
      } else {
        gamma[k] += (1 - decay) * (left - gamma[k]);
      }
      k++;
    }
    return new State(gamma, steps);
  }
}
