package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.state.StateCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Limited-memory BFGS (Nocedal 1980) for objectives with linear margins, preconditioned and with an
 * exact intercept, or one for each class.
 *
 * <p>Three things set it apart from the textbook. H₀ is the inverse of the centred curvature
 * ({@link Preconditioner}), taken anew before the steps after 1, 2, 4, 8, …, and not a multiple of
 * the identity: raw credit columns span six orders of magnitude, where the textbook form does not
 * converge. The line search runs on cached margins and minimizes the intercept beside the step
 * ({@link RaySearch}). And a step is usually two passes: the ray's margins, then the gradient.
 *
 * <p>Cached margins accumulate rounding, and a resumed run has none. So every {@code refresh}-th
 * step evaluates anew from the parameters; those states, and only those, are {@link
 * State#resumable()}: from them a resumed run has the bits of the run that went on.
 *
 * @param memory curvature pairs kept, at least 1
 * @param refresh steps between two evaluations from parameters alone, at least 1
 * @param block most features of the preconditioner's dense block; 0 for its diagonal alone
 * @param blockAfter steps before a block of some features, not all, takes the place of the diagonal
 * @param blockOf what a block of all features is of; one of some is of a sample
 */
public record Lbfgs(
    int memory, int refresh, int block, int blockAfter, RayObjective.BlockOf blockOf)
    implements RayMinimizer<Lbfgs.State> {

  public Lbfgs {
    if (memory < 1 || refresh < 1) {
      throw new IllegalArgumentException(
          "memory " + memory + " and refresh " + refresh + " must be at least 1");
    }
    if (block < 0 || blockAfter < 0) {
      throw new IllegalArgumentException(
          "a block of " + block + " features after " + blockAfter + " steps");
    }
  }

  /** Ten pairs, as in Breeze and spark.ml, and a block of 300 from the start. */
  public Lbfgs() {
    this(10, 5);
  }

  /** With a block of 300 from the start. */
  public Lbfgs(int memory, int refresh) {
    this(memory, refresh, LinearProblem.EXACT_CURVATURE, 0);
  }

  /** With a block of all rows where it has all features. */
  public Lbfgs(int memory, int refresh, int block, int blockAfter) {
    this(memory, refresh, block, blockAfter, RayObjective.BlockOf.ALL);
  }

  /**
   * A curvature pair s, y.
   *
   * @param curvature sᵀy
   */
  public record Pair(double[] step, double[] change, double curvature) {
    public Pair(double[] step, double[] change) {
      this(step, change, Vectors.dot(step, change));
    }

    /** sᵀy/yᵀy: the multiple of the identity that is nearest to H along y. */
    double scale() {
      return curvature() / Vectors.dot(change, change);
    }

    /** The pairs and a new one, if sᵀy is safely above 0; the latest {@code memory} of them. */
    static List<Pair> remembered(
        List<Pair> pairs, int memory, double[] step, double[] before, double[] after) {
      Pair pair = new Pair(step, Vectors.minus(after, before));
      return pair.curvature() > 1e-12 * Vectors.norm(step) * Vectors.norm(pair.change())
          ? pair.after(pairs, memory)
          : pairs;
    }

    /** The latest {@code memory} of some pairs and this one. */
    List<Pair> after(List<Pair> pairs, int memory) {
      List<Pair> all = new ArrayList<>(pairs);
      all.add(this);
      return List.copyOf(all.subList(Math.max(0, all.size() - memory), all.size()));
    }

    /**
     * Hg by the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4). An addition and the
     * product with the next pair are one pass over the vectors.
     *
     * @param initial H₀ times a vector, which it may change
     */
    static double[] inverseTimes(
        double[] gradient, List<Pair> pairs, UnaryOperator<double[]> initial) {
      double[] q = gradient.clone();
      int last = pairs.size() - 1;
      if (last < 0) {
        return initial.apply(q);
      }
      double[] alphas = new double[pairs.size()];
      double product = Vectors.dot(pairs.get(last).step(), q);
      for (int k = last; k > 0; k--) {
        Pair pair = pairs.get(k);
        alphas[k] = product / pair.curvature();
        product = Vectors.addAndDot(-alphas[k], pair.change(), q, pairs.get(k - 1).step());
      }
      alphas[0] = product / pairs.get(0).curvature();
      Vectors.add(-alphas[0], pairs.get(0).change(), q);
      double[] r = initial.apply(q);
      product = Vectors.dot(pairs.get(0).change(), r);
      for (int k = 0; k < last; k++) {
        Pair pair = pairs.get(k);
        double beta = product / pair.curvature();
        product = Vectors.addAndDot(alphas[k] - beta, pair.step(), r, pairs.get(k + 1).change());
      }
      Vectors.add(alphas[last] - product / pairs.get(last).curvature(), pairs.get(last).step(), r);
      return r;
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
    ClassPreconditioner preconditioner = preconditioner(objective, 0, parameters);
    return state(
        objective, 0, parameters.clone(), evaluation, 0, 1, List.of(), preconditioner, true);
  }

  private ClassPreconditioner preconditioner(
      RayObjective objective, long step, double[] parameters) {
    double[] penalties = objective.penalties();
    int most = step >= blockAfter || penalties.length <= block ? block : 0;
    return ClassPreconditioner.of(objective.curvatures(parameters, most, blockOf), penalties);
  }

  @Override
  public State next(RayObjective objective, State state) {
    if (!refreshes(state)) {
      return next(objective, state, state.pairs(), state.preconditioner());
    }
    ClassPreconditioner preconditioner =
        preconditioner(objective, state.step(), state.parameters());
    // pairs of another point mislead beside the whole curvature of this one
    boolean whole = blockOf == RayObjective.BlockOf.ALL && preconditioner.isWhole();
    return next(objective, state, whole ? List.of() : state.pairs(), preconditioner);
  }

  private State next(
      RayObjective objective,
      State state,
      List<Pair> remembered,
      ClassPreconditioner preconditioner) {
    List<Pair> pairs = remembered;
    double[] direction = direction(state.gradient(), pairs, preconditioner);
    if (!RayStep.descends(direction, state.gradient())) {
      pairs = List.of();
      direction = direction(state.gradient(), pairs, preconditioner);
      if (!RayStep.descends(direction, state.gradient())) {
        return state.failed("no direction of descent: the gradient is zero to rounding");
      }
    }
    boolean anew = (state.step() + 1) % refresh == 0;
    Optional<RayStep> found =
        RayStep.along(
            objective,
            new RayStep.Origin(state.parameters(), state.value(), state.gradient()),
            direction,
            objective.along(state.parameters(), direction),
            anew ? RayStep.Evaluate.ANEW : RayStep.Evaluate.FROM_MARGINS);
    if (found.isEmpty()) {
      return pairs.isEmpty()
          ? state.failed("no step decreases the objective: it is at its minimum to rounding")
          : next(objective, state, List.of(), preconditioner);
    }
    RayStep taken = found.get();
    return state(
        objective,
        state.step() + 1,
        taken.parameters(),
        taken.evaluation(),
        taken.length(),
        state.probes() + taken.probes(),
        Pair.remembered(
            pairs,
            memory,
            Vectors.minus(taken.parameters(), state.parameters()),
            state.gradient(),
            taken.evaluation().gradient()),
        preconditioner,
        anew);
  }

  /**
   * After steps 1, 2, 4, 8, … A diagonal costs two products for little: it waits until step 8,
   * which few runs reach (docs/decisions/0005); a sampled block costs none.
   */
  static boolean refreshes(long step, ClassPreconditioner preconditioner) {
    return !preconditioner.lasting()
        && Long.bitCount(step) == 1
        && (step >= 8 || preconditioner.blocks().get(0).isDense());
  }

  private boolean refreshes(State state) {
    ClassPreconditioner preconditioner = state.preconditioner();
    boolean begins = block > 0 && state.step() == blockAfter && state.step() > 0;
    return (begins && !preconditioner.lasting()) || refreshes(state.step(), preconditioner);
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
        RayStep.gap(evaluation.gradient(), objective.penalties(), preconditioner.totals()) / scale,
        // a step α times the model's length says that the objective is as much flatter
        Math.max(1, stepLength) * preconditioner.decrement(evaluation.gradient()) / scale,
        probes,
        pairs,
        preconditioner,
        resumable,
        "");
  }

  private static double[] direction(
      double[] gradient, List<Pair> pairs, ClassPreconditioner preconditioner) {
    return Vectors.negative(Pair.inverseTimes(gradient, pairs, preconditioner::apply));
  }
}
