package dev.talweg.optimizer.transform;

/**
 * A rate that falls when the objective stops falling: u ← s u, and s ← max(factor · s, least) after
 * {@code patience} values without improvement, then {@code cooldown} values that do not count. The
 * value of a step is judged before the step is scaled, as in optax; PyTorch and Keras judge after.
 *
 * <p>PyTorch waits for patience + 1 bad values, Keras and optax for patience. An improvement is
 * relative, f &lt; best (1 − threshold), or absolute, f &lt; best − threshold, as Keras' {@code
 * min_delta}. The last value of a cooldown counts in Keras.
 *
 * <p>It sees the objective of training; a rate that follows a validation metric would need that
 * metric in each step.
 *
 * @param factor in (0, 1)
 * @param patience at least 0
 * @param threshold at least 0
 * @param cooldown at least 0
 * @param every values whose mean is judged as one, at least 1: optax' {@code accumulation_size}
 * @param least s at least
 * @param change a fall of s that is not larger is not made; PyTorch's 1e-8 is of the rate
 */
public record ScaleByPlateau(
    double factor,
    long patience,
    double threshold,
    Improvement improvement,
    Sense sense,
    long cooldown,
    long every,
    double least,
    double change,
    Waiting waiting)
    implements GradientTransform<ScaleByPlateau.State> {
  private static final long serialVersionUID = 1L;

  /** What counts as better. */
  public enum Improvement {
    RELATIVE,
    ABSOLUTE
  }

  /** Which way is better. */
  public enum Sense {
    FALLS,
    RISES
  }

  /** How many bad values are waited for. */
  public enum Waiting {
    /** More than the patience: PyTorch. */
    BEYOND,
    /** As many as the patience: Keras, optax. */
    UNTIL
  }

  public ScaleByPlateau {
    if (!(factor > 0 && factor < 1)) {
      throw new IllegalArgumentException("factor is above 0 and below 1, not " + factor);
    }
    Ranges.checkNotNegative("patience", (double) patience);
    Ranges.checkNotNegative("threshold", threshold);
    Ranges.checkNotNegative("cooldown", (double) cooldown);
    Ranges.checkCount("every", every);
    Ranges.checkNotNegative("least", least);
    Ranges.checkNotNegative("change", change);
  }

  /**
   * The best value, bad ones since, values still to cool down, s, and the mean of values that are
   * not judged yet with their number.
   */
  public record State(
      double best, long bad, long cooling, double scale, double mean, long waiting) {}

  @Override
  public State init(int dimension) {
    return new State(
        sense == Sense.FALLS ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY, 0, 0, 1, 0, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    long seen = state.waiting() + 1;
    double mean = state.mean() + (step.value() - state.mean()) / seen;
    State next =
        seen == every
            ? judged(state, mean)
            : new State(state.best(), state.bad(), state.cooling(), state.scale(), mean, seen);
    for (int j = 0; j < updates.length; j++) {
      updates[j] *= next.scale();
    }
    return next;
  }

  private State judged(State state, double value) {
    boolean better = better(value, state.best());
    double best = better ? value : state.best();
    if (state.cooling() > 0) {
      return new State(best, 0, state.cooling() - 1, state.scale(), 0, 0);
    }
    long bad = better ? 0 : state.bad() + 1;
    long enough = waiting == Waiting.BEYOND ? patience + 1 : Math.max(1, patience);
    if (bad < enough) {
      return new State(best, bad, 0, state.scale(), 0, 0);
    }
    double lower = Math.max(state.scale() * factor, least);
    double scale = state.scale() - lower > change ? lower : state.scale();
    return new State(best, 0, cooldown, scale, 0, 0);
  }

  private boolean better(double value, double best) {
    if (Double.isInfinite(best)) {
      return !Double.isNaN(value);
    }
    double margin = improvement == Improvement.RELATIVE ? Math.abs(best) * threshold : threshold;
    return sense == Sense.FALLS ? value < best - margin : value > best + margin;
  }
}
