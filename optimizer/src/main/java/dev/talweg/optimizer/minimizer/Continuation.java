package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.KinkedProblem;
import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.stopping.Termination;
import java.util.Optional;

/**
 * Minimizes losses with kinks (pinball, hinge) exactly, by L-BFGS on smoothed problems whose
 * smoothing μ falls from stage to stage (Madsen and Nielsen, SIAM Journal on Optimization 3 (1993);
 * Nesterov, Mathematical Programming 103 (2005)).
 *
 * <p>The smoothed minimizers w(μ) are a path that is linear in μ piece by piece: rows that the
 * exact optimum passes through have residuals proportional to μ. So the next stage begins where the
 * line through the ends of the last two leads, and the line's end at μ = 0 is tried as the answer:
 * within the last piece it is the exact minimizer, long before μ is small.
 *
 * <p>The value of a state is the exact loss's at the best parameters seen, and its gap is proven:
 * the lower bound is that of the smoothed problem, which lies below, or a {@link
 * KinkedProblem#certify certificate} of the exact one at the end of a stage.
 *
 * @param smooth minimizes within a stage
 */
public record Continuation(Lbfgs smooth) implements Minimizer<KinkedProblem, Continuation.State> {
  private static final double SHRINKAGE = 0.1;

  /** A stage ends when what it can still gain is this fraction of what smoothing hides. */
  private static final double PRECISION = 1e-4;

  private static final long LONGEST_STAGE = 60;

  /** Smoothing below this fraction of the first drowns in the rounding of margins. */
  private static final double LEAST = 1e-11;

  /** A relative gap that rounding makes. */
  private static final double ROUNDING = 1e-10;

  /**
   * After a step.
   *
   * @param stage the state of the smoothed problem
   * @param smoothing its μ
   * @param corner the parameters at the end of the stage before; those of the start in the first
   * @param cornerSmoothing μ there; 0 in the first stage
   * @param parameters the best ones seen
   * @param value the exact objective there
   * @param bound of the exact optimum, from below; −∞ where none is known
   */
  public record State(
      long step,
      Lbfgs.State stage,
      double smoothing,
      double[] corner,
      double cornerSmoothing,
      double[] parameters,
      double value,
      double bound,
      long probesBefore,
      String failure)
      implements Minimizer.State {

    @Override
    public double gradientNorm() {
      return stage.gradientNorm();
    }

    @Override
    public double stepLength() {
      return stage.stepLength();
    }

    @Override
    public double gap() {
      return bound == Double.NEGATIVE_INFINITY ? Double.NaN : (value - bound) / scale();
    }

    @Override
    public double gapEstimate() {
      double below = stage.value() - stage.gapEstimate() * Math.abs(stage.value());
      return (value - Math.max(below, bound)) / scale();
    }

    private double scale() {
      return Math.max(Math.abs(value), Double.MIN_NORMAL);
    }

    @Override
    public long probes() {
      return probesBefore + stage.probes();
    }

    @Override
    public boolean resumable() {
      return stage.resumable();
    }

    @Override
    public Optional<Termination> end() {
      return !failure.isEmpty() && gapEstimate() <= ROUNDING
          ? Optional.of(
              new Termination.Converged(
                  "gap estimate at the precision of doubles", gapEstimate(), ROUNDING))
          : Minimizer.State.super.end();
    }
  }

  @Override
  public StateCodec<State> codec() {
    return StateCodec.of(State.class);
  }

  @Override
  public State start(KinkedProblem problem, double[] parameters) {
    double smoothing = problem.scale();
    Lbfgs.State stage = smooth.start(problem.smoothed(smoothing), parameters);
    double value = problem.value(parameters);
    return new State(
        0,
        stage,
        smoothing,
        parameters.clone(),
        0,
        parameters.clone(),
        value,
        bound(stage, Double.NEGATIVE_INFINITY),
        0,
        "");
  }

  @Override
  public State next(KinkedProblem problem, State state) {
    if (isSettled(state)) {
      return nextStage(problem, state);
    }
    Lbfgs.State stage = smooth.next(problem.smoothed(state.smoothing()), state.stage());
    if (!stage.failure().isEmpty()) {
      return nextStage(problem, state);
    }
    return with(problem, state, stage);
  }

  private static boolean isSettled(State state) {
    Lbfgs.State stage = state.stage();
    double left = stage.gapEstimate() * Math.abs(stage.value());
    double hidden = state.value() - stage.value();
    return stage.step() >= LONGEST_STAGE || left <= PRECISION * hidden;
  }

  private static State with(KinkedProblem problem, State state, Lbfgs.State stage) {
    double value = problem.value(stage.parameters());
    boolean better = value < state.value();
    return new State(
        state.step() + 1,
        stage,
        state.smoothing(),
        state.corner(),
        state.cornerSmoothing(),
        better ? stage.parameters() : state.parameters(),
        better ? value : state.value(),
        bound(stage, state.bound()),
        state.probesBefore(),
        "");
  }

  /** The smoothed optimum lies below the exact one, and the stage's proven gap above that. */
  private static double bound(Lbfgs.State stage, double bound) {
    double below = stage.value() - stage.gap() * Math.abs(stage.value());
    return Double.isNaN(below) ? bound : Math.max(bound, below);
  }

  private State nextStage(KinkedProblem problem, State state) {
    double[] end = state.stage().parameters();
    double smoothing = SHRINKAGE * state.smoothing();
    if (smoothing < LEAST * problem.scale()) {
      return failed(state);
    }
    Optional<Certificate> certificate = problem.certify(end, state.smoothing());
    double bound = certificate.map(Certificate::dual).orElse(state.bound());
    double[] best = state.parameters();
    double value = state.value();
    double[] begin = end;
    if (state.cornerSmoothing() > 0) {
      begin = onPath(state, smoothing);
      double[] exact = onPath(state, 0);
      double there = problem.value(exact);
      if (there < value) {
        best = exact;
        value = there;
      }
    }
    LinearObjective next = problem.smoothed(smoothing);
    Lbfgs.State stage = smooth.start(next, begin);
    return with(
        problem,
        new State(
            state.step(),
            stage,
            smoothing,
            end,
            state.smoothing(),
            best,
            value,
            Math.max(state.bound(), bound),
            state.probes(),
            ""),
        stage);
  }

  /** The path through the ends of the last two stages, at another smoothing. */
  private static double[] onPath(State state, double smoothing) {
    double[] end = state.stage().parameters();
    double slope = (smoothing - state.smoothing()) / (state.smoothing() - state.cornerSmoothing());
    double[] point = new double[end.length];
    for (int j = 0; j < point.length; j++) {
      point[j] = end[j] + slope * (end[j] - state.corner()[j]);
    }
    return point;
  }

  private static State failed(State state) {
    return new State(
        state.step(),
        state.stage(),
        state.smoothing(),
        state.corner(),
        state.cornerSmoothing(),
        state.parameters(),
        state.value(),
        state.bound(),
        state.probesBefore(),
        "the smoothing is at the precision of doubles");
  }
}
