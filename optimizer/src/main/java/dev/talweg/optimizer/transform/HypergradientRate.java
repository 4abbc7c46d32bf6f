package dev.talweg.optimizer.transform;

/**
 * A learning rate that follows its own gradient (Almeida et al. 1998; Baydin et al. 2018), the last
 * word of a chain: η ← η (1 + β cos(g_t, d_{t−1})), or additive η ← η + β g_t·d_{t−1}, and u ← −η
 * d, with d what the chain before made of the gradient. The multiplicative form with the cosine
 * does not depend on the gradient's scale; the additive one, the paper's SGD-HD, needs a β of its
 * own for every objective, and its rate may fall below 0.
 *
 * <p>A transform sees what the words before it made, so g here is the chain's direction; for plain
 * gradient descent that is the gradient.
 *
 * @param initial η of the first step, above 0
 * @param beta at least 0; below 1 in the multiplicative form
 */
public record HypergradientRate(double initial, double beta, Form form)
    implements GradientTransform<HypergradientRate.State> {
  private static final long serialVersionUID = 1L;

  public HypergradientRate {
    Ranges.checkAboveZero("initial", initial);
    if (form == Form.MULTIPLICATIVE) {
      Ranges.checkShare("rate-beta", beta);
    } else {
      Ranges.checkNotNegative("rate-beta", beta);
    }
  }

  /** How a rate changes. */
  public enum Form {
    MULTIPLICATIVE,
    ADDITIVE
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
    double rate =
        form == Form.ADDITIVE
            ? state.rate() + beta * product(updates, 1, before, 1)
            : state.rate() * (1 + beta * cosine(updates, before));
    for (int j = 0; j < updates.length; j++) {
      before[j] = updates[j];
      updates[j] *= -rate;
    }
    return new State(before, rate);
  }

  private static double cosine(double[] a, double[] b) {
    double ofA = Norms.euclidean(a);
    double ofB = Norms.euclidean(b);
    return ofA > 0 && ofB > 0 ? product(a, ofA, b, ofB) : 0;
  }

  /** Of a and b, each divided by its unit. */
  private static double product(double[] a, double ofA, double[] b, double ofB) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] / ofA * (b[j] / ofB);
    }
    return sum;
  }

  @Override
  public double learningRate(long step) {
    return initial;
  }
}
