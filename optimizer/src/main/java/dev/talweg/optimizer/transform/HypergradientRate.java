package dev.talweg.optimizer.transform;

/**
 * A learning rate that follows its own gradient (Almeida et al. 1998; Baydin et al. 2018), the last
 * word of a chain: η ← η (1 + β cos(g_t, d_{t−1})), u ← −η d, with d what the chain before made of
 * the gradient. The multiplicative form with the cosine does not depend on the gradient's scale;
 * the additive one, η + β g_t·d_{t−1}, needs a β of its own for every objective.
 *
 * <p>A transform sees what the words before it made, so g here is the chain's direction; for plain
 * gradient descent that is the gradient.
 *
 * @param initial η of the first step, above 0
 * @param beta in [0, 1)
 */
public record HypergradientRate(double initial, double beta)
    implements GradientTransform<HypergradientRate.State> {
  private static final long serialVersionUID = 1L;

  public HypergradientRate {
    Ranges.checkAboveZero("initial", initial);
    Ranges.checkShare("beta", beta);
  }

  /** The direction before and η. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] before, double rate) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], initial);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] before = state.before();
    double now = Norms.euclidean(updates);
    double then = Norms.euclidean(before);
    double cosine = 0;
    if (now > 0 && then > 0) {
      for (int j = 0; j < updates.length; j++) {
        cosine += updates[j] / now * (before[j] / then);
      }
    }
    double rate = state.rate() * (1 + beta * cosine);
    for (int j = 0; j < updates.length; j++) {
      before[j] = updates[j];
      updates[j] *= -rate;
    }
    return new State(before, rate);
  }

  @Override
  public double learningRate(long step) {
    return initial;
  }
}
