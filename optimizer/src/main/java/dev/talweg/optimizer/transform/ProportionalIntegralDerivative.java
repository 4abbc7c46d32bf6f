package dev.talweg.optimizer.transform;

/**
 * PID (An et al. 2018): the gradient, its sum and its change, as a controller weighs an error. i ←
 * μ i + (1 − τ) u, d ← μ d + (1 − μ)(u − u'), u ← u + kᵢ i + k_d d; there is no change at the first
 * step. pytorch_optimizer without momentum is plain descent, whatever the weights are.
 *
 * @param decay μ, in [0, 1)
 * @param dampening τ, in [0, 1]
 * @param integral kᵢ, at least 0
 * @param derivative k_d, at least 0
 */
public record ProportionalIntegralDerivative(
    double decay, double dampening, double integral, double derivative)
    implements GradientTransform<ProportionalIntegralDerivative.State> {
  private static final long serialVersionUID = 1L;

  public ProportionalIntegralDerivative {
    Ranges.checkShare("decay", decay);
    Ranges.checkUpToOne("dampening", dampening);
    Ranges.checkNotNegative("integral", integral);
    Ranges.checkNotNegative("derivative", derivative);
  }

  /** u', i, d, and whether u' is a gradient. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] before, double[] sum, double[] change, boolean begun) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], new double[dimension], false);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] before = state.before();
    double[] sum = state.sum();
    double[] change = state.change();
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      double difference = state.begun() ? u - before[j] : 0;
      sum[j] = decay * sum[j] + (1 - dampening) * u;
      change[j] = decay * change[j] + (1 - decay) * difference;
      before[j] = u;
      updates[j] = u + integral * sum[j] + derivative * change[j];
    }
    return new State(before, sum, change, true);
  }
}
