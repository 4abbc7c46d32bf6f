package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.stopping.Termination;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Limited-memory BFGS (Nocedal 1980) for objectives with linear margins, preconditioned and with an
 * exact intercept, or one for each class.
 *
 * <p>Three things set it apart from the textbook. H₀ is the inverse of the centred curvature
 * ({@link Preconditioner}), taken anew after steps 1, 2, 4, 8, …, and not a multiple of the
 * identity: raw credit columns span six orders of magnitude, where the textbook form does not
 * converge. The line search runs on cached margins and minimizes the intercept beside the step
 * ({@link RaySearch}). And a step is usually two passes: the ray's margins, then the gradient.
 *
 * <p>Cached margins accumulate rounding, and a resumed run has none. So every {@code refresh}-th
 * step evaluates anew from the parameters; those states, and only those, are {@link
 * State#resumable()}: from them a resumed run has the bits of the run that went on.
 *
 * @param memory curvature pairs kept, at least 1
 * @param refresh steps between two evaluations from parameters alone, at least 1
 */
public record Lbfgs(int memory, int refresh) implements Minimizer<RayObjective, Lbfgs.State> {

  /** A relative gap that rounding makes: 1e-16 in the value, amplified by the search's tests. */
  private static final double ROUNDING = 1e-10;

  public Lbfgs {
    if (memory < 1 || refresh < 1) {
      throw new IllegalArgumentException(
          "memory " + memory + " and refresh " + refresh + " must be at least 1");
    }
  }

  /** Ten pairs, as in Breeze and spark.ml. */
  public Lbfgs() {
    this(10, 5);
  }

  /** A curvature pair s, y with sᵀy > 0. */
  public record Pair(double[] step, double[] change) {
    double curvature() {
      return Vectors.dot(step, change);
    }
  }

  /** After a step. */
  public record State(
      long step,
      double[] parameters,
      double value,
      double[] gradient,
      double stepLength,
      double gap,
      double gapEstimate,
      long probes,
      List<Pair> pairs,
      ClassPreconditioner preconditioner,
      boolean resumable,
      String failure)
      implements Minimizer.State {

    @Override
    public double gradientNorm() {
      return Vectors.norm(gradient);
    }

    /**
     * Where no step decreases the objective although its model of curvature sees the optimum within
     * rounding, that is the optimum to the precision of doubles; elsewhere it is a failure.
     */
    @Override
    public Optional<Termination> end() {
      return !failure.isEmpty() && gapEstimate <= ROUNDING
          ? Optional.of(
              new Termination.Converged(
                  "gap estimate at the precision of doubles", gapEstimate, ROUNDING))
          : Minimizer.State.super.end();
    }

    State failed(String why) {
      return new State(
          step,
          parameters,
          value,
          gradient,
          stepLength,
          gap,
          gapEstimate,
          probes,
          pairs,
          preconditioner,
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
    Evaluation evaluation = objective.evaluate(parameters);
    ClassPreconditioner preconditioner =
        ClassPreconditioner.of(objective.curvatures(), objective.penalties());
    return state(
        objective, 0, parameters.clone(), evaluation, 0, 1, List.of(), preconditioner, true);
  }

  @Override
  public State next(RayObjective objective, State state) {
    List<Pair> pairs = state.pairs();
    double[] direction = direction(state.gradient(), pairs, state.preconditioner());
    if (!descends(direction, state.gradient())) {
      pairs = List.of();
      direction = direction(state.gradient(), pairs, state.preconditioner());
      if (!descends(direction, state.gradient())) {
        return state.failed("no direction of descent: the gradient is zero to rounding");
      }
    }
    RaySearch search = new RaySearch(state.value(), Vectors.dot(direction, state.gradient()));
    Ray ray = objective.along(state.parameters(), direction);
    RaySearch.Point point = RaySearch.guess(ray.at(1, 0));
    boolean anew = (state.step() + 1) % refresh == 0;
    Evaluation evaluation = move(objective, ray, point, anew);
    long probes = state.probes() + 2;
    if (!search.accepts(
        point.step(), evaluation.value(), Vectors.dot(direction, evaluation.gradient()))) {
      ray = objective.along(state.parameters(), direction);
      Optional<RaySearch.Point> found = search.search(ray);
      if (found.isEmpty()) {
        return pairs.isEmpty()
            ? state.failed("no step decreases the objective: it is at its minimum to rounding")
            : next(objective, forgetting(state));
      }
      point = found.get();
      probes += point.probes() + 1;
      evaluation = move(objective, ray, point, anew);
    }
    double[] parameters = ray.point(point.step(), point.shift());
    ClassPreconditioner preconditioner =
        refreshes(state.step() + 1, state.preconditioner())
            ? ClassPreconditioner.of(objective.curvatures(), objective.penalties())
            : state.preconditioner();
    return state(
        objective,
        state.step() + 1,
        parameters,
        evaluation,
        point.step(),
        probes,
        remember(pairs, state, parameters, evaluation),
        preconditioner,
        anew);
  }

  /**
   * After steps 1, 2, 4, 8, … A diagonal costs two products for little: it waits until step 8,
   * which few runs reach (docs/decisions/0005).
   */
  private static boolean refreshes(long step, ClassPreconditioner preconditioner) {
    return !preconditioner.lasting()
        && Long.bitCount(step) == 1
        && (step >= 8 || preconditioner.isExact());
  }

  private static Evaluation move(
      RayObjective objective, Ray ray, RaySearch.Point point, boolean anew) {
    return anew
        ? objective.evaluate(ray.point(point.step(), point.shift()))
        : ray.move(point.step(), point.shift());
  }

  private static State forgetting(State state) {
    return new State(
        state.step,
        state.parameters,
        state.value,
        state.gradient,
        state.stepLength,
        state.gap,
        state.gapEstimate,
        state.probes,
        List.of(),
        state.preconditioner,
        state.resumable,
        "");
  }

  private List<Pair> remember(
      List<Pair> pairs, State before, double[] parameters, Evaluation evaluation) {
    Pair pair =
        new Pair(
            Vectors.minus(parameters, before.parameters()),
            Vectors.minus(evaluation.gradient(), before.gradient()));
    if (!(pair.curvature() > 1e-12 * Vectors.norm(pair.step()) * Vectors.norm(pair.change()))) {
      return pairs;
    }
    List<Pair> remembered = new ArrayList<>(pairs);
    remembered.add(pair);
    return List.copyOf(
        remembered.subList(Math.max(0, remembered.size() - memory), remembered.size()));
  }

  private static State state(
      RayObjective objective,
      long step,
      double[] parameters,
      Evaluation evaluation,
      double stepLength,
      long probes,
      List<Pair> pairs,
      ClassPreconditioner preconditioner,
      boolean resumable) {
    double scale = Math.max(Math.abs(evaluation.value()), Double.MIN_NORMAL);
    return new State(
        step,
        parameters,
        evaluation.value(),
        evaluation.gradient(),
        stepLength,
        gap(evaluation.gradient(), objective.penalties(), preconditioner) / scale,
        preconditioner.decrement(evaluation.gradient()) / scale,
        probes,
        pairs,
        preconditioner,
        resumable,
        "");
  }

  /** ½ Σ g_j²/λ_j, with h̄ in the place of λ for intercepts; NaN where a weight is free. */
  private static double gap(
      double[] gradient, double[] penalties, ClassPreconditioner preconditioner) {
    int d = penalties.length;
    int classes = preconditioner.classes();
    double gap = 0;
    for (int k = 0; k < classes; k++) {
      double lift = gradient[d * classes + k];
      gap += 0.5 * lift * lift / preconditioner.total(k);
      for (int j = 0; j < d; j++) {
        double g = gradient[j * classes + k];
        if (g != 0) {
          gap += penalties[j] > 0 ? 0.5 * g * g / penalties[j] : Double.NaN;
        }
      }
    }
    return gap;
  }

  private static boolean descends(double[] direction, double[] gradient) {
    return Vectors.finite(direction) && Vectors.dot(direction, gradient) < 0;
  }

  /** −Hg by the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4). */
  private static double[] direction(
      double[] gradient, List<Pair> pairs, ClassPreconditioner preconditioner) {
    double[] q = gradient.clone();
    double[] alphas = new double[pairs.size()];
    for (int k = pairs.size() - 1; k >= 0; k--) {
      Pair pair = pairs.get(k);
      alphas[k] = Vectors.dot(pair.step(), q) / pair.curvature();
      Vectors.add(-alphas[k], pair.change(), q);
    }
    double[] r = preconditioner.apply(q);
    for (int k = 0; k < pairs.size(); k++) {
      Pair pair = pairs.get(k);
      double beta = Vectors.dot(pair.change(), r) / pair.curvature();
      Vectors.add(alphas[k] - beta, pair.step(), r);
    }
    for (int j = 0; j < r.length; j++) {
      r[j] = -r[j];
    }
    return r;
  }
}
