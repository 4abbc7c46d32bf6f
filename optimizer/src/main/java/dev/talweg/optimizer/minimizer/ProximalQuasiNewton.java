package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.kernel.Strips;
import dev.talweg.optimizer.minimizer.Lbfgs.Pair;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.state.StateCodec;
import java.util.List;
import java.util.Optional;

/**
 * Proximal quasi-Newton for linear margins with l1, elastic net or box bounds (Lee, Sun and
 * Saunders, SIAM J. Optimization 24 (2014); for l1-logistic models newGLMNET: Yuan, Ho and Lin,
 * JMLR 13 (2012)).
 *
 * <p>A step minimizes the {@link ProximalModel}: the gradient, the BFGS matrix over the centred
 * curvature of the data ({@link ClassPreconditioner}), and the penalty as it is. That costs no
 * pass. Then it searches towards the model's minimum on cached margins, with the intercept beside
 * the step ({@link CompositeSearch}), and a step is two passes, as in {@link Lbfgs}: the ray's
 * margins, the gradient.
 *
 * <p>A state holds the next model's minimum as a direction, whose decrease is the estimate of the
 * gap, and the best lower bound of the optimum so far: bounds of the dual at a state cost two jobs
 * of a few numbers, and are asked for only where the estimate is {@link RayObjective#near}.
 *
 * <p>Every {@code refresh}-th state is evaluated anew from the parameters and is resumable; see
 * docs/decisions/0002.
 *
 * @param memory curvature pairs kept, at least 1
 * @param refresh steps between two evaluations from parameters alone, at least 1
 */
public record ProximalQuasiNewton(int memory, int refresh)
    implements RayMinimizer<ProximalQuasiNewton.State> {

  public ProximalQuasiNewton {
    if (memory < 1 || refresh < 1) {
      throw new IllegalArgumentException(
          "memory " + memory + " and refresh " + refresh + " must be at least 1");
    }
  }

  /** Ten pairs and an exact state every fifth step, as {@link Lbfgs}. */
  public ProximalQuasiNewton() {
    this(10, 5);
  }

  /**
   * After a step.
   *
   * @param value of the objective, all of it
   * @param gradient of its smooth part, the mean loss and the ridge
   * @param gradientNorm the Euclidean norm of the subgradient of least norm, the residual of the
   *     conditions of Karush, Kuhn and Tucker
   * @param lowerBound of the optimum; NaN where there is none yet
   * @param direction to the minimum of the model here
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      long step,
      double[] parameters,
      double value,
      double[] gradient,
      double gradientNorm,
      double stepLength,
      double lowerBound,
      double gapEstimate,
      long probes,
      List<Pair> pairs,
      ClassPreconditioner preconditioner,
      double[] direction,
      boolean resumable,
      String failure)
      implements Minimizer.State {

    @Override
    public double gap() {
      return new Certificate(value, lowerBound).relativeGap();
    }

    State failed(String why) {
      return new State(
          step,
          parameters,
          value,
          gradient,
          gradientNorm,
          stepLength,
          lowerBound,
          gapEstimate,
          probes,
          pairs,
          preconditioner,
          direction,
          resumable,
          why);
    }
  }

  @Override
  public StateCodec<State> codec() {
    return StateCodec.of(State.class);
  }

  @Override
  public State start(RayObjective objective, double[] parameters) {
    double[] feasible = parameters.clone();
    objective.penalty().clamp(feasible);
    Evaluation evaluation = objective.evaluate(feasible);
    return state(
        objective,
        0,
        feasible,
        evaluation,
        0,
        Double.NaN,
        1,
        List.of(),
        preconditioner(objective, feasible),
        true);
  }

  private static ClassPreconditioner preconditioner(RayObjective objective, double[] parameters) {
    return ClassPreconditioner.of(objective.curvatures(parameters), objective.penalties());
  }

  @Override
  public State next(RayObjective objective, State state) {
    Penalty penalty = objective.penalty();
    double[] direction = state.direction();
    CompositeSearch search =
        new CompositeSearch(
            penalty,
            state.parameters(),
            direction,
            state.value(),
            Vectors.dot(direction, state.gradient()));
    if (!(search.predicted() < 0) || !Vectors.finite(direction)) {
      return rescued(objective, state, "no direction of descent: the residual is rounding");
    }
    Ray ray = objective.along(state.parameters(), direction);
    RaySearch.Point point = search.guess(ray.at(1, 0));
    boolean anew = (state.step() + 1) % refresh == 0;
    double[] parameters = ray.point(point.step(), point.shift());
    Evaluation evaluation = move(objective, ray, point, parameters, anew);
    long probes = state.probes() + 2;
    if (!search.accepts(point.step(), evaluation.value() + penalty.lasso(parameters))) {
      ray = objective.along(state.parameters(), direction);
      Optional<RaySearch.Found> found = search.search(ray);
      if (found.isEmpty()) {
        return rescued(
            objective, state, "no step decreases the objective: it is at its minimum to rounding");
      }
      point = found.get().point();
      probes += found.get().probes() + 1;
      parameters = ray.point(point.step(), point.shift());
      evaluation = move(objective, ray, point, parameters, anew);
    }
    ClassPreconditioner preconditioner =
        Lbfgs.refreshes(state.step() + 1, state.preconditioner())
            ? preconditioner(objective, parameters)
            : state.preconditioner();
    return state(
        objective,
        state.step() + 1,
        parameters,
        evaluation,
        point.step(),
        state.lowerBound(),
        probes,
        Pair.remembered(
            state.pairs(),
            memory,
            Vectors.minus(parameters, state.parameters()),
            state.gradient(),
            evaluation.gradient()),
        preconditioner,
        anew);
  }

  /**
   * Once more without the pairs and with the curvature of this very point, since either may be what
   * is wrong; else the end.
   */
  private State rescued(RayObjective objective, State state, String why) {
    if (state.pairs().isEmpty()) {
      return state.failed(why);
    }
    Evaluation evaluation = objective.evaluate(state.parameters());
    State forgetful =
        state(
            objective,
            state.step(),
            state.parameters(),
            evaluation,
            state.stepLength(),
            state.lowerBound(),
            state.probes() + 1,
            List.of(),
            preconditioner(objective, state.parameters()),
            state.resumable());
    State next = next(objective, forgetful);
    return next.failure().isEmpty() ? next : state.failed(why);
  }

  private static Evaluation move(
      RayObjective objective, Ray ray, RaySearch.Point point, double[] parameters, boolean anew) {
    return anew ? objective.evaluate(parameters) : ray.move(point.step(), point.shift());
  }

  private static State state(
      RayObjective objective,
      long step,
      double[] parameters,
      Evaluation evaluation,
      double stepLength,
      double boundBefore,
      long probes,
      List<Pair> pairs,
      ClassPreconditioner preconditioner,
      boolean resumable) {
    Penalty penalty = objective.penalty();
    double[] gradient = evaluation.gradient();
    double value = evaluation.value() + penalty.lasso(parameters);
    double scale = Math.max(Math.abs(value), Double.MIN_NORMAL);
    ProximalModel.Minimum minimum =
        ProximalModel.minimize(penalty, parameters, gradient, preconditioner, pairs);
    double estimate = minimum.decrease() / scale;
    double bound =
        estimate <= objective.near() ? objective.lowerBound(parameters, gradient) : Double.NaN;
    return new State(
        step,
        parameters,
        value,
        gradient,
        residual(penalty, parameters, gradient),
        stepLength,
        bound <= boundBefore || Double.isNaN(bound) ? boundBefore : bound,
        estimate,
        probes,
        pairs,
        preconditioner,
        minimum.direction(),
        resumable,
        "");
  }

  /** The norm of the least subgradient. */
  static double residual(Penalty penalty, double[] parameters, double[] gradient) {
    int d = penalty.features();
    double intercepts = 0;
    for (int at = d; at < gradient.length; at++) {
      intercepts += gradient[at] * gradient[at];
    }
    return Math.sqrt(
        Strips.sum(
            intercepts,
            d,
            (before, from, until) -> {
              double sum = before;
              for (int j = from; j < until; j++) {
                double residual = penalty.residual(j, parameters[j], gradient[j]);
                sum += residual * residual;
              }
              return sum;
            }));
  }
}
