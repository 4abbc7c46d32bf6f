package dev.talweg.optimizer.schedule;

import dev.talweg.optimizer.stopping.Patience;
import dev.talweg.optimizer.stopping.Termination;
import java.util.Optional;

/**
 * A rate that falls when what it watches stops getting better: r ← max(factor · r, least) after
 * {@code patience} measurements without improvement, then {@code cooldown} ones that do not count.
 *
 * <p>PyTorch waits for patience + 1 bad values, Keras and optax for patience. An improvement is
 * relative, f &lt; best (1 − threshold), or absolute, f &lt; best − threshold, as Keras' {@code
 * min_delta}. scikit-learn's best is that of all values, also of those which are better by less
 * than the threshold, and where its patience ends at the least rate, so does the run.
 *
 * <p>It is no function of the step: whoever takes steps keeps the {@link State}, has it judged
 * where something was measured, and gives the rate to {@link #at(long, double)}.
 *
 * @param start the first rate, above 0
 * @param factor in (0, 1)
 * @param patience at least 0
 * @param threshold at least 0
 * @param cooldown at least 0
 * @param least r at least
 * @param change a fall of r that is not larger is not made: 1e-8 in PyTorch
 */
public record Plateau(
    double start,
    double factor,
    long patience,
    double threshold,
    Improvement improvement,
    long cooldown,
    double least,
    double change,
    Waiting waiting)
    implements Schedule {
  private static final long serialVersionUID = 1L;

  /** What counts as better. */
  public enum Improvement {
    RELATIVE,
    ABSOLUTE
  }

  /** How many bad values are waited for. */
  public enum Waiting {
    /** More than the patience: PyTorch. */
    BEYOND,
    /** As many as the patience: Keras, optax. */
    UNTIL,
    /**
     * As many as the patience, of the best of all; at the least rate the run ends: scikit-learn.
     */
    UNTIL_THE_END
  }

  public Plateau {
    if (!(factor > 0 && factor < 1)) {
      throw new IllegalArgumentException("factor is above 0 and below 1, not " + factor);
    }
    if (!(start > 0 && threshold >= 0 && least >= 0 && change >= 0)) {
      throw new IllegalArgumentException(
          "start is above 0, threshold, least and change at least 0, not "
              + start
              + ", "
              + threshold
              + ", "
              + least
              + ", "
              + change);
    }
    if (patience < 0 || cooldown < 0) {
      throw new IllegalArgumentException(
          "patience and cooldown are at least 0, not " + patience + " and " + cooldown);
    }
  }

  /**
   * What was seen.
   *
   * @param seen how many values
   * @param best the best one of them
   * @param bad ones since
   * @param cooling values still to cool down
   * @param rate r
   */
  public record State(long seen, double best, long bad, long cooling, double rate) {
    /** Of a run whose rate is a function of the step. */
    public static final State NONE = new State(0, 0, 0, 0, Double.NaN);
  }

  /** Before anything was measured. */
  public State begin() {
    return new State(0, 0, 0, 0, start);
  }

  /** After one more value. */
  public State judged(State state, double value, Patience.Better sense) {
    long seen = state.seen + 1;
    boolean first = state.seen == 0;
    double margin =
        improvement == Improvement.RELATIVE ? Math.abs(state.best) * threshold : threshold;
    boolean better = first ? !Double.isNaN(value) : sense.isBetter(value, state.best, margin);
    boolean leads = better || (isOfAll() && sense.isBetter(value, state.best, 0));
    double best = leads ? value : state.best;
    if (state.cooling > 0) {
      return new State(seen, best, 0, state.cooling - 1, state.rate);
    }
    long bad = better ? 0 : state.bad + 1;
    if (bad < enough()) {
      return new State(seen, best, bad, 0, state.rate);
    }
    double lower = Math.max(state.rate * factor, least);
    boolean falls = state.rate - lower > change;
    long still = isOfAll() && !falls ? bad : 0;
    return new State(seen, best, still, cooldown, falls ? lower : state.rate);
  }

  private long enough() {
    return waiting == Waiting.BEYOND ? patience + 1 : Math.max(1, patience);
  }

  private boolean isOfAll() {
    return waiting == Waiting.UNTIL_THE_END;
  }

  /** How the run ends where the rate should fall and cannot; empty where it goes on. */
  public Optional<Termination> end(State state) {
    return isOfAll() && state.bad >= enough()
        ? Optional.of(
            new Termination.Exhausted("rounds without improvement at the least rate", enough()))
        : Optional.empty();
  }

  @Override
  public double at(long step) {
    return start;
  }

  @Override
  public double at(long step, double rate) {
    return Double.isNaN(rate) ? start : rate;
  }

  @Override
  public double most() {
    return start;
  }
}
