package dev.talweg.optimizer.transform;

/**
 * Gradient descent whose step is a secant's (Barzilai and Borwein, IMA Journal of Numerical
 * Analysis 8 (1988)), a whole rule: x ← x − η g with s = x − x', y = g − g' since the step before,
 * and η = sᵀs/sᵀy (long), sᵀy/yᵀy (short), or these by turns (Dai and Fletcher 2005). The objective
 * may rise on the way. Where sᵀy is not above 0 the step before is kept. The secant is that of one
 * function: gradients of batches are of another one at every step.
 *
 * @param first η of the first step, above 0
 * @param least smallest η, above 0
 * @param largest largest η, at least the smallest
 */
public record BarzilaiBorwein(double first, double least, double largest, Form form)
    implements GradientTransform<BarzilaiBorwein.State> {
  private static final long serialVersionUID = 1L;

  /** Which of the two secants. */
  public enum Form {
    LONG,
    SHORT,
    ALTERNATING
  }

  public BarzilaiBorwein {
    Ranges.checkAboveZero("first", first);
    Ranges.checkAboveZero("least", least);
    Ranges.checkAboveZero("largest", largest);
    Ranges.checkOrder("least-step", least, "largest-step", largest);
  }

  /** x', g', η and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] parameters, double[] gradient, double rate, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], first, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] x = step.parameters();
    double rate = state.steps() == 0 ? first : secant(x, updates, state);
    for (int j = 0; j < updates.length; j++) {
      state.parameters()[j] = x[j];
      state.gradient()[j] = updates[j];
      updates[j] *= -rate;
    }
    return new State(state.parameters(), state.gradient(), rate, state.steps() + 1);
  }

  private double secant(double[] x, double[] g, State state) {
    double squares = 0;
    double products = 0;
    double changes = 0;
    for (int j = 0; j < g.length; j++) {
      double s = x[j] - state.parameters()[j];
      double y = g[j] - state.gradient()[j];
      squares += s * s;
      products += s * y;
      changes += y * y;
    }
    if (!(products > 0)) {
      return state.rate();
    }
    boolean isLong = form == Form.LONG || (form == Form.ALTERNATING && state.steps() % 2 == 1);
    double rate = isLong ? squares / products : products / changes;
    return Math.min(Math.max(rate, least), largest);
  }

  @Override
  public double learningRate(long step) {
    return first;
  }
}
