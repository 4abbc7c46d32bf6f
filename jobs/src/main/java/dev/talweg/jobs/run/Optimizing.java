package dev.talweg.jobs.run;

import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.optimizer.minimizer.Gauge;
import dev.talweg.optimizer.minimizer.GradientState;
import dev.talweg.optimizer.minimizer.Iteration;
import dev.talweg.optimizer.minimizer.Iterations;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.SliceFlow;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.state.Snapshot;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.stopping.Progress;
import dev.talweg.optimizer.stopping.StoppingRule;
import dev.talweg.optimizer.stopping.Termination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The loop of a run around {@link Iterations}: it validates, records, writes checkpoints, and stops
 * where it is asked to.
 *
 * <p>A checkpoint holds the state and the history. A state that is not resumable is not written;
 * the last one that is stands for it, so what a resumed run computes does not depend on when it was
 * cut off.
 */
final class Optimizing<F, S extends Minimizer.State> {
  /** A proof costs a pass beside the one or more of each step. */
  private static final int PROVEN = 10;

  private final RunConfig config;
  private final double[] start;
  private final Optimization<F, S> optimization;
  private final Fit fit;
  private final Evaluations.Watched watched;
  private final StoppingRule rule;
  private final ToDoubleFunction<double[]> proof;
  private final Checkpoints checkpoints;
  private final Map<String, String> identity;
  private final RunObserver observer;
  private final Interrupt interrupt;
  private final List<History.Entry> history = new ArrayList<>();
  private final StateCodec<S> codec;
  private final GradientWatch watch;
  private double secondsBefore;
  private double passesBefore;
  private long bytesBefore;

  /** The watched metric on the rows that a value of the objective is of, or NaN. */
  interface Fit {
    double at(double value, Supplier<double[]> parameters);
  }

  /**
   * @param watched the metric that is measured on the validation rows
   * @param proof the proven gap at the model's parameters, for states that have none; asked for at
   *     every {@value #PROVEN}th step
   */
  Optimizing(
      RunConfig config,
      Optimization<F, S> optimization,
      double[] start,
      Fit fit,
      Evaluations.Watched watched,
      StoppingRule rule,
      ToDoubleFunction<double[]> proof,
      Checkpoints checkpoints,
      Map<String, String> identity,
      RunObserver observer,
      GradientWatch watch,
      Interrupt interrupt) {
    this.config = config;
    this.optimization = optimization;
    this.fit = fit;
    this.watched = watched;
    this.rule = rule;
    this.proof = proof;
    this.checkpoints = checkpoints;
    this.identity = identity;
    this.observer = observer;
    this.watch = watch;
    this.interrupt = interrupt;
    this.start = start;
    this.codec = optimization.minimizer().codec();
  }

  /**
   * How it ended.
   *
   * @param resumed whether it began at a checkpoint
   * @param certificate that the method made itself
   * @param flows of the gradients of a first-order method
   */
  record Outcome(
      double[] parameters,
      Termination termination,
      List<History.Entry> history,
      double passes,
      long bytesReduced,
      boolean resumed,
      Optional<Certificate> certificate,
      List<SliceFlow> flows) {

    /** The same with the parameters that are saved. */
    Outcome at(double[] finished) {
      return new Outcome(
          finished, termination, history, passes, bytesReduced, resumed, certificate, flows);
    }
  }

  Outcome run(Optional<Checkpoints.Saved> saved) {
    S state = saved.map(this::restored).orElseGet(this::begun);
    StoppingRule seen = rule.after(before().map(History.Entry::progress).toList());
    long started = System.nanoTime();
    Gauge<S> gauge =
        s ->
            Gauge.plain(s)
                .withGap(gap(s))
                .withValidation(validate(s))
                .withSeconds(secondsBefore + (System.nanoTime() - started) * 1e-9);
    Iterations<F, S> iterations =
        new Iterations<>(
            optimization.minimizer(),
            optimization.objective(),
            state,
            seen,
            gauge,
            watched.better());
    @Nullable S resumable = null;
    long written = state.step();
    Pace pace = new Pace(config.checkpoint().share());
    while (true) {
      Iteration<S> iteration = iterations.next();
      state = iteration.state();
      record(iteration.progress(), state);
      if (iteration.termination().isPresent()) {
        return new Outcome(
            optimization.coordinates().parameters(state.served()),
            iteration.termination().get(),
            history,
            passesBefore + optimization.passes().getAsDouble(),
            bytesBefore + optimization.bytes().getAsLong(),
            saved.isPresent(),
            state.certificate(),
            watch.until(state.step()));
      }
      resumable = state.resumable() ? state : resumable;
      boolean due =
          state.resumable()
              && state.step() - written >= config.checkpoint().every()
              && pace.mayWrite();
      if (resumable != null && (due || interrupt.requested())) {
        pace.begins();
        String path = checkpoints.write(snapshot(resumable));
        pace.ends();
        written = resumable.step();
        observer.checkpointWritten(written, path);
        if (interrupt.requested()) {
          throw new InterruptedRun(state.step(), path);
        }
      }
    }
  }

  /**
   * When the next checkpoint may be written, as the last one took a share of the time since then.
   * The clock decides nothing else: every state that is written can be gone on from with the same
   * bits.
   */
  private static final class Pace {
    /** What the first one is taken to cost: a few jobs of Spark. */
    private static final long FIRST = 500_000_000;

    private final double share;
    private long cost = FIRST;
    private long at = System.nanoTime();

    Pace(double share) {
      this.share = share;
    }

    boolean mayWrite() {
      return share >= 1 || (System.nanoTime() - at) * share >= cost;
    }

    void begins() {
      at = System.nanoTime();
    }

    void ends() {
      long now = System.nanoTime();
      cost = now - at;
      at = now;
    }
  }

  private S begun() {
    double[] standardized = optimization.coordinates().standardized(start);
    return optimization.minimizer().start(optimization.objective(), standardized);
  }

  /** The history before the state that the run goes on from, which is seen again. */
  private Stream<History.Entry> before() {
    return history.stream().limit(Math.max(0, history.size() - 1));
  }

  private double gap(S state) {
    return Double.isNaN(state.gap()) && state.step() % PROVEN == 0
        ? proof.applyAsDouble(optimization.coordinates().parameters(state.served()))
        : state.gap();
  }

  private double validate(S state) {
    return watched.available() && optimization.validated().test(state.step())
        ? watched
            .measure()
            .of(
                optimization.coordinates().parameters(state.served()),
                objectiveBefore(state.step()))
        : Double.NaN;
  }

  /** The mean objective of the steps of the epoch that led to one; NaN at the start. */
  private double objectiveBefore(long step) {
    double begun = optimization.epochs().applyAsDouble(step) - 1 - 1e-9; // of a rounding
    int until = history.size();
    while (until > 0 && history.get(until - 1).step() >= step) {
      until--;
    }
    int from = until;
    while (from > 0 && history.get(from - 1).epoch() >= begun) {
      from--;
    }
    return history.subList(from, until).stream()
        .mapToDouble(History.Entry::objective)
        .average()
        .orElse(Double.NaN);
  }

  private void record(Progress progress, S state) {
    boolean again = !history.isEmpty() && history.get(history.size() - 1).step() == state.step();
    if (again) { // the state a run was resumed from
      if (state instanceof GradientState gradient) {
        watch.seeAgain(gradient);
      }
      return;
    }
    if (state instanceof GradientState gradient) {
      watch.see(gradient);
    }
    History.Entry entry =
        new History.Entry(
            state.step(),
            optimization.epochs().applyAsDouble(state.step()),
            progress.seconds(),
            progress.value(),
            progress.gradientNorm(),
            state.stepLength(),
            state instanceof GradientState ? state.stepLength() : Double.NaN,
            progress.gap(),
            progress.gapEstimate(),
            state.probes(),
            passesBefore + optimization.passes().getAsDouble(),
            fit.at(progress.value(), () -> optimization.coordinates().parameters(state.served())),
            progress.validation(),
            bytesBefore + optimization.bytes().getAsLong());
    history.add(entry);
    observer.iteration(entry.published());
  }

  private Checkpoints.Saved snapshot(S state) {
    List<History.Entry> until =
        history.stream().filter(entry -> entry.step() <= state.step()).toList();
    return new Checkpoints.Saved(
        identity,
        Snapshot.take(minimizer(), state.step(), codec, state),
        Snapshot.take(
            "history",
            state.step(),
            StateCodec.of(History.class),
            History.of(until, watch.slices(state.step()))));
  }

  private S restored(Checkpoints.Saved saved) {
    History before = saved.history().restore("history", StateCodec.of(History.class));
    history.addAll(before.entries());
    S state = saved.state().restore(minimizer(), codec);
    if (state instanceof GradientState) {
      watch.restore(history, before.slices());
    }
    if (!history.isEmpty()) {
      History.Entry last = history.get(history.size() - 1);
      secondsBefore = last.seconds();
      passesBefore = last.passes();
      bytesBefore = last.bytesReduced();
    }
    return state;
  }

  private String minimizer() {
    return optimization.minimizer().toString();
  }
}
