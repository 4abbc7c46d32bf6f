package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.stopping.Patience;
import dev.talweg.optimizer.stopping.Termination;
import java.util.Optional;

/**
 * A minimizer is a function from state to state: iterating, stopping, observing, checkpoint and
 * resume are derived from it, once, in {@link Iterations}.
 *
 * @param <F> the kind of objective it needs
 * @param <S> its state, a record that {@code StateCodec} can store
 */
public interface Minimizer<F, S extends Minimizer.State> {

  /** The state before the first step. */
  S start(F objective, double[] parameters);

  /** One step. The state given is handed over: its arrays may be reused. */
  S next(F objective, S state);

  /**
   * The state to go on from where the watched metric of the validation rows was measured: the same,
   * unless a method follows that metric. It is not the one that is recorded and stored, so a run
   * that is resumed there hears of the metric again.
   */
  default S judged(S state, double validation, Patience.Better better) {
    return state;
  }

  /**
   * How the run ends at a state, which may be {@link #judged}, by the method's own judgement; empty
   * where a step is possible. Where no step decreases the objective although its model of curvature
   * sees the optimum within rounding, that is the optimum to the precision of doubles; elsewhere it
   * is a failure.
   */
  default Optional<Termination> end(S state) {
    if (state.failure().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        state.gapEstimate() <= State.ROUNDING
            ? new Termination.Converged(
                "gap estimate at the precision of doubles", state.gapEstimate(), State.ROUNDING)
            : new Termination.Failed("step " + state.step() + ": " + state.failure()));
  }

  /** How a state is stored. */
  StateCodec<S> codec();

  /**
   * What every state can tell. Implementations are records of long, double, String, arrays of them,
   * and such records.
   */
  interface State {
    /** A relative gap that rounding makes: 1e-16 in the value, amplified by a search's tests. */
    double ROUNDING = 1e-10;

    /** Steps taken: 0 for the start. */
    long step();

    /** The parameters at this state; not to be changed. */
    double[] parameters();

    /**
     * The parameters a model should have: these, or what the method keeps of them, such as their
     * average; not to be changed.
     */
    default double[] served() {
      return parameters();
    }

    /** The objective's value (of the last batch, where it is sampled). */
    double value();

    /** Euclidean norm of the gradient. */
    double gradientNorm();

    /**
     * Length of the step that led here, as a multiple of the direction; the learning rate of
     * first-order methods.
     */
    double stepLength();

    /** An upper bound of (value − optimum)/|value|, or NaN where the method has none. */
    double gap();

    /**
     * An estimate of (value − optimum)/|value| from the method's model of curvature, or NaN. It may
     * be too small: a rule that stops by it must say that it is an estimate.
     */
    double gapEstimate();

    /**
     * The certificate that the method made at {@link #served}, where it knows a better dual point
     * than the one that follows from the parameters; empty where it does not.
     */
    default Optional<Certificate> certificate() {
      return Optional.empty();
    }

    /** Evaluations of the objective or of a ray that led here, counted from the start. */
    long probes();

    /** Whether a run restarted from this state alone gives the bits of the run that went on. */
    boolean resumable();

    /** Empty, or why no further step is possible. */
    String failure();
  }
}
