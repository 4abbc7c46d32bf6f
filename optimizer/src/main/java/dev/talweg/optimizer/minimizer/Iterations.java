package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.stopping.Patience;
import dev.talweg.optimizer.stopping.Progress;
import dev.talweg.optimizer.stopping.StoppingRule;
import dev.talweg.optimizer.stopping.StoppingRule.Verdict;
import dev.talweg.optimizer.stopping.Termination;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A run as the sequence of its states, from the one given to the one that ends it: the loop of
 * every minimizer, written once. Logging, checkpoints and tables are observers outside:
 *
 * <pre>{@code
 * var iterations = new Iterations<>(lbfgs, objective, lbfgs.start(objective, zeros), rule);
 * while (iterations.hasNext()) {
 *   observers.see(iterations.next());
 * }
 * }</pre>
 *
 * <p>The state given is the first one seen, so a run resumed at step k sees the state k again; its
 * rule is {@link StoppingRule#after} the steps before k.
 *
 * <p>A state that says so ({@link Minimizer.State#end}), or whose value or gradient norm is not
 * finite, which is {@link Termination.Failed}, ends the run and is judged by no rule.
 */
public final class Iterations<F, S extends Minimizer.State> implements Iterator<Iteration<S>> {
  private final Minimizer<F, S> minimizer;
  private final F objective;
  private final Gauge<? super S> gauge;
  private final Patience.Better better;
  private S state;
  private StoppingRule rule;
  private boolean begun;
  private boolean ended;

  /**
   * @param better of the watched metric that the gauge measures
   */
  public Iterations(
      Minimizer<F, S> minimizer,
      F objective,
      S state,
      StoppingRule rule,
      Gauge<? super S> gauge,
      Patience.Better better) {
    this.better = better;
    this.minimizer = minimizer;
    this.objective = objective;
    this.state = state;
    this.rule = rule;
    this.gauge = gauge;
  }

  /** A run whose watched metric is better the smaller it is. */
  public Iterations(
      Minimizer<F, S> minimizer, F objective, S state, StoppingRule rule, Gauge<? super S> gauge) {
    this(minimizer, objective, state, rule, gauge, Patience.Better.SMALLER);
  }

  /** A run that is not validated and has no clock. */
  public Iterations(Minimizer<F, S> minimizer, F objective, S state, StoppingRule rule) {
    this(minimizer, objective, state, rule, Gauge::plain);
  }

  @Override
  public boolean hasNext() {
    return !ended;
  }

  @Override
  public Iteration<S> next() {
    if (ended) {
      throw new NoSuchElementException("the run ended at step " + state.step());
    }
    if (begun) {
      state = minimizer.next(objective, state);
    }
    begun = true;
    Optional<Termination> own = minimizer.end(state).or(() -> notFinite(state));
    if (own.isPresent()) {
      ended = true;
      boolean failed = own.get() instanceof Termination.Failed;
      return new Iteration<>(state, failed ? Gauge.plain(state) : gauge.measure(state), own);
    }
    Progress progress = gauge.measure(state);
    Verdict verdict = rule.judge(progress);
    rule = verdict.next();
    Optional<Termination> end = verdict.end();
    S recorded = state;
    if (!Double.isNaN(progress.validation())) {
      S judged = minimizer.judged(state, progress.validation(), better);
      end = end.or(() -> minimizer.end(judged));
      state = judged;
    }
    ended = end.isPresent();
    return new Iteration<>(recorded, progress, end);
  }

  /** Runs to the end and returns the last state. */
  public Iteration<S> last() {
    Iteration<S> iteration = next();
    while (hasNext()) {
      iteration = next();
    }
    return iteration;
  }

  private static Optional<Termination> notFinite(Minimizer.State state) {
    if (!Double.isFinite(state.value())) {
      return failed(state, "the objective is " + state.value());
    }
    if (!Double.isFinite(state.gradientNorm())) {
      return failed(state, "the norm of the gradient is " + state.gradientNorm());
    }
    return Optional.empty();
  }

  private static Optional<Termination> failed(Minimizer.State state, String why) {
    return Optional.of(new Termination.Failed("step " + state.step() + ": " + why));
  }
}
