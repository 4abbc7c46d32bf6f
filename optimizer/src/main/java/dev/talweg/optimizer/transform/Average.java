package dev.talweg.optimizer.transform;

/**
 * Keeps an average of the parameters and serves it: a ← x after the first step that counts, then
 * exponential, a ← μ a + (1 − μ) x (Polyak averaging with forgetting), or of equal weights, a ← a +
 * (x − a)/n (stochastic weight averaging, Izmailov et al. 2018). Training goes on at x.
 *
 * <p>The last word of a chain: it sees what will be added. Steps before the first that moves
 * anything do not count. PyTorch ({@code AveragedModel}) and Keras ({@code use_ema}) start at the
 * first parameters after a step, not at 0, so nothing is corrected.
 *
 * @param kind which average
 * @param decay μ of the exponential one, in [0, 1)
 * @param from steps before the average begins; until then parameters as they began are served
 * @param overwrite every so many steps x becomes the average, 0 for never: Keras' {@code
 *     ema_overwrite_frequency}
 * @param round gradients that make one step, after which alone x is where the rule wants it
 */
public record Average(Kind kind, double decay, long from, long overwrite, long round)
    implements GradientTransform<Average.State> {
  private static final long serialVersionUID = 1L;

  /** How parameters are weighted. */
  public enum Kind {
    EXPONENTIAL,
    EQUAL
  }

  public Average {
    Ranges.checkShare("decay", decay);
    Ranges.checkNotNegative("from", (double) from);
    Ranges.checkNotNegative("overwrite", (double) overwrite);
    Ranges.checkCount("round", round);
  }

  /** Of a rule whose every gradient is a step. */
  public Average(Kind kind, double decay, long from, long overwrite) {
    this(kind, decay, from, overwrite, 1);
  }

  /** The average, of how many steps it is, and of how many there were. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] average, long averaged, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], 0, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] average = state.average();
    double[] parameters = step.parameters();
    if (state.steps() == 0 && step.number() % round == 0) {
      System.arraycopy(parameters, 0, average, 0, average.length);
      if (Norms.largest(updates, 0, updates.length) == 0) {
        return state;
      }
    }
    if ((step.number() + 1) % round != 0) {
      return state;
    }
    long steps = state.steps() + 1;
    if (steps <= from) {
      return new State(average, 0, steps);
    }
    long averaged = state.averaged() + 1;
    for (int j = 0; j < updates.length; j++) {
      double x = parameters[j] + updates[j];
      if (averaged == 1) {
        average[j] = x;
      } else if (kind == Kind.EXPONENTIAL) {
        average[j] = decay * average[j] + (1 - decay) * x;
      } else {
        average[j] += (x - average[j]) / averaged;
      }
      if (overwrite > 0 && steps % overwrite == 0) {
        updates[j] = average[j] - parameters[j];
      }
    }
    return new State(average, averaged, steps);
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    return state.steps() == 0 ? parameters : state.average();
  }
}
