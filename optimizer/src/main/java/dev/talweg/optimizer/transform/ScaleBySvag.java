package dev.talweg.optimizer.transform;

/**
 * M-SVAG (Balles and Hennig 2018): momentum whose entries are damped by their relative variance,
 * and never scaled. m ← m + (1 − β)(u − m), v ← β v + (1 − β) u², u ← m̂ · m̂²/(m̂² + ρ s), where s
 * = (v̂ − m̂²)/(1 − ρ) estimates the variance of a gradient and ρ = (1 − β²ᵗ)(1 − β)²/((1 − β²)(1 −
 * βᵗ)²) what of it a mean still has; ρ is at most 0.9999, for it begins at 1.
 *
 * @param decay β, in [0, 1)
 */
public record ScaleBySvag(double decay) implements GradientTransform<ScaleByAdam.State> {
  private static final long serialVersionUID = 1L;

  private static final double MOST = 0.9999;

  public ScaleBySvag {
    Ranges.checkShare("decay", decay);
  }

  @Override
  public ScaleByAdam.State init(int dimension) {
    return ScaleByAdam.State.zero(dimension);
  }

  @Override
  public ScaleByAdam.State update(double[] updates, ScaleByAdam.State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    long steps = state.steps() + 1;
    double power = StrictMath.pow(decay, (double) steps);
    double begun = 1 - power;
    double share = (1 - decay) / begun;
    double rho = Math.min((1 - power * power) * share * share / (1 - decay * decay), MOST);
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] += (1 - decay) * (u - m[j]);
      v[j] = decay * v[j] + (1 - decay) * u * u;
      double mean = m[j] / begun;
      double square = mean * mean;
      double variance = (v[j] / begun - square) / (1 - rho);
      double factor = square / (rho * variance + square);
      // where there is nothing to measure it is 0, and rounding does not make steps longer
      updates[j] = Double.isNaN(factor) ? 0 : mean * Math.min(Math.max(factor, 0), 1);
    }
    return new ScaleByAdam.State(m, v, steps);
  }
}
