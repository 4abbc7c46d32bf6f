package dev.talweg.optimizer.transform;

/**
 * AdaBound (Luo et al. 2019): Adam whose entries' rates are kept within bounds that close on one
 * rate, that of gradient descent. m ← m + (1 − β₁)(u − m), v ← β₂ v + (1 − β₂) u², u ← m · clip(√(1
 * − β₂ᵗ)/((1 − β₁ᵗ)(√(v + ε₀) + ε)) between f(1 − 1/(γt + 1)) and f(1 + 1/(γt)). With the largest v
 * so far it is AMSBound.
 *
 * <p>The last rate f is here in multiples of the learning rate.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param root ε₀, at least 0, in units of its square
 * @param last f, above 0
 * @param gamma γ, above 0: how fast the bounds close
 * @param bound which v divides
 */
public record ScaleByAdabound(
    double beta1, double beta2, double epsilon, double root, double last, double gamma, Bound bound)
    implements GradientTransform<ScaleByAdabelief.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByAdabound {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
    Ranges.checkAboveZero("last", last);
    Ranges.checkAboveZero("gamma", gamma);
  }

  @Override
  public ScaleByAdabelief.State init(int dimension) {
    return new ScaleByAdabelief.State(
        new double[dimension], new double[dimension], bound.memory(dimension), 0);
  }

  @Override
  public ScaleByAdabelief.State update(double[] updates, ScaleByAdabelief.State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    double[] largest = state.largest();
    long steps = state.steps() + 1;
    double c1 = 1 - StrictMath.pow(beta1, (double) steps);
    double rootCorrection = Math.sqrt(1 - StrictMath.pow(beta2, (double) steps));
    double least = last * (1 - 1 / (gamma * steps + 1));
    double most = last * (1 + 1 / (gamma * steps));
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - beta1) * (u - m[j]);
      v[j] = beta2 * v[j] + (1 - beta2) * u * u;
      double below = Math.sqrt(bound.of(v[j], largest, j) + root) + epsilon;
      double rate = rootCorrection / c1 / below;
      updates[j] = m[j] * Math.min(Math.max(rate, least), most);
    }
    return new ScaleByAdabelief.State(m, v, largest, steps);
  }
}
