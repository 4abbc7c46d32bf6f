package dev.talweg.optimizer.transform;

/**
 * SWATS (Keskar and Socher 2017), a whole rule: Adam until the rate of the gradient descent that
 * would step as far is found, then that for good. Of a tensor's step p at the gradient g this rate
 * is γ = p·p/(−p·g), with a bias-corrected running mean λ, Λ = λ/(1 − β₂ᵗ); from the second step on
 * |Λ − γ| ≤ ε + ρ|γ| ends Adam: then v ← β₁ v + g, x ← x − Λ(1 − β₁) v.
 *
 * <p>One rate for all tensors, of the last one that has found it. The paper has ρ = 0, where rates
 * far from 1 are found late or early; pytorch_optimizer has both, ρ being Adam's epsilon.
 *
 * @param adaptive its output is what is added at first
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param absolute ε, at least 0
 * @param relative ρ, at least 0
 */
public record SwitchToSgd(
    Chain adaptive, double beta1, double beta2, double absolute, double relative)
    implements TensorTransform<SwitchToSgd.State> {
  private static final long serialVersionUID = 1L;

  public SwitchToSgd {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkNotNegative("absolute", absolute);
    Ranges.checkNotNegative("relative", relative);
  }

  /** Of the adaptive rule; λ of each tensor; v; Λ, or 0 before it is found; and the steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      Chain.State inner, double[] rates, double[] velocity, double found, long steps) {}

  @Override
  public State init(Tensors tensors) {
    double[] rates = new double[tensors.tensors().size()];
    return new State(adaptive.init(tensors), rates, new double[tensors.dimension()], 0, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    long steps = state.steps() + 1;
    if (state.found() > 0) {
      double[] v = state.velocity();
      for (int j = 0; j < updates.length; j++) {
        v[j] = beta1 * v[j] + updates[j];
        updates[j] = -state.found() * (1 - beta1) * v[j];
      }
      return new State(state.inner(), state.rates(), v, state.found(), steps);
    }
    double[] gradient = updates.clone();
    Chain.State inner = adaptive.update(updates, state.inner(), step);
    double begun = 1 - StrictMath.pow(beta2, (double) steps);
    double found = 0;
    int k = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      double rate = rate(updates, gradient, tensor);
      if (Double.isFinite(rate)) {
        state.rates()[k] += (1 - beta2) * (rate - state.rates()[k]);
        double mean = state.rates()[k] / begun;
        boolean settled = Math.abs(mean - rate) <= absolute + relative * Math.abs(rate);
        found = steps > 1 && mean > 0 && settled ? mean : found;
      }
      k++;
    }
    return new State(inner, state.rates(), state.velocity(), found, steps);
  }

  /** γ, not finite where the step is orthogonal to the gradient. */
  private static double rate(double[] p, double[] g, Tensor tensor) {
    int from = tensor.from();
    return Norms.dot(p, p, from, tensor.end()) / -Norms.dot(p, g, from, tensor.end());
  }

  @Override
  public double learningRate(long step) {
    return adaptive.learningRate(step);
  }
}
