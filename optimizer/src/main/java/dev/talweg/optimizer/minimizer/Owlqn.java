package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.minimizer.Lbfgs.Pair;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.objective.Rays;
import dev.talweg.optimizer.state.StateCodec;
import java.util.List;

/**
 * Orthant-wise limited-memory quasi-Newton (Andrew and Gao, ICML 2007), the method of Breeze and
 * spark.ml for l1, on cached margins: what {@link ProximalQuasiNewton} is compared with.
 *
 * <p>Within the orthant that the pseudo-gradient ⋄f points into, the objective is smooth. The
 * direction is L-BFGS's with H₀ = (sᵀy/yᵀy) I, its entries that disagree with −⋄f set to zero, and
 * each trial point is projected back onto the orthant: π(w + αd). The projection bends the path, so
 * a trial is a ray of its own towards its point: one product with the data, and one more when it is
 * accepted. As in Breeze, the first trial is α = 1/(2‖⋄f‖), at most 1, in the first step and 1
 * later, shrunk by a half, until f falls by 1e-4 ⋄fᵀ(π − w).
 *
 * <p>Intercepts are coordinates like any other, without l1 and without a preconditioner: on raw
 * columns of different scales this converges slowly, or not within any budget. Bounds are not for
 * it.
 *
 * @param memory curvature pairs kept, at least 1
 * @param refresh steps between two evaluations from parameters alone, at least 1
 */
public record Owlqn(int memory, int refresh) implements RayMinimizer<Owlqn.State> {
  private static final double C1 = 1e-4;
  private static final int MOST_TRIALS = 40;

  public Owlqn {
    if (memory < 1 || refresh < 1) {
      throw new IllegalArgumentException(
          "memory " + memory + " and refresh " + refresh + " must be at least 1");
    }
  }

  /** Ten pairs, as in Breeze and spark.ml. */
  public Owlqn() {
    this(10, 5);
  }

  /**
   * After a step.
   *
   * @param value of the objective, all of it
   * @param gradient of its smooth part
   * @param gradientNorm the norm of the pseudo-gradient
   * @param lowerBound of the optimum; NaN where there is none
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
      long probes,
      List<Pair> pairs,
      boolean resumable,
      String failure)
      implements Minimizer.State {

    @Override
    public double gap() {
      return new Certificate(value, lowerBound).relativeGap();
    }

    @Override
    public double gapEstimate() {
      return Double.NaN;
    }

    private State with(List<Pair> kept, String why) {
      return new State(
          step,
          parameters,
          value,
          gradient,
          gradientNorm,
          stepLength,
          lowerBound,
          probes,
          kept,
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
    if (objective.penalty().bounded()) {
      throw new IllegalArgumentException("OWL-QN has no bounds; proximal quasi-Newton does");
    }
    double[] own = parameters.clone();
    return state(objective, 0, own, objective.evaluate(own), 0, Double.NaN, 1, List.of(), true);
  }

  @Override
  public State next(RayObjective objective, State state) {
    Penalty penalty = objective.penalty();
    double[] x = state.parameters();
    double[] pseudo = pseudoGradient(penalty, x, state.gradient());
    double[] d = direction(pseudo, state.pairs());
    double step = state.pairs().isEmpty() ? 0.5 / Math.max(state.gradientNorm(), 0.5) : 1;
    for (int trial = 1; trial <= MOST_TRIALS; trial++, step *= 0.5) {
      double[] towards = Vectors.minus(projected(penalty, x, pseudo, d, step), x);
      double expected = Vectors.dot(pseudo, towards);
      if (!(expected < 0) || !Vectors.finite(towards)) {
        break;
      }
      double[] parameters = Rays.point(x, towards, 1, 0);
      Ray ray = objective.along(x, towards);
      if (ray.at(1, 0).value() + penalty.lasso(parameters) <= state.value() + C1 * expected) {
        boolean anew = (state.step() + 1) % refresh == 0;
        Evaluation evaluation = anew ? objective.evaluate(parameters) : ray.move(1, 0);
        return state(
            objective,
            state.step() + 1,
            parameters,
            evaluation,
            step,
            state.lowerBound(),
            state.probes() + trial + 1,
            Pair.remembered(
                state.pairs(), memory, towards, state.gradient(), evaluation.gradient()),
            anew);
      }
    }
    return state.pairs().isEmpty()
        ? state.with(List.of(), "no step decreases the objective: it is at its minimum to rounding")
        : next(objective, state.with(List.of(), ""));
  }

  /** ⋄f: the subgradient of least norm. */
  private static double[] pseudoGradient(Penalty penalty, double[] x, double[] gradient) {
    double[] pseudo = gradient.clone();
    for (int j = 0; j < penalty.features(); j++) {
      pseudo[j] = penalty.residual(j, x[j], gradient[j]);
    }
    return pseudo;
  }

  /** −H⋄f with H₀ = γI, without entries that go uphill. */
  private static double[] direction(double[] pseudo, List<Pair> pairs) {
    double[] q = Pair.inverseTimes(pseudo, pairs, vector -> scaled(vector, pairs));
    for (int j = 0; j < q.length; j++) {
      q[j] = q[j] * pseudo[j] > 0 ? -q[j] : 0;
    }
    return q;
  }

  private static double[] scaled(double[] vector, List<Pair> pairs) {
    if (!pairs.isEmpty()) {
      Vectors.scale(pairs.get(pairs.size() - 1).scale(), vector);
    }
    return vector;
  }

  /** π(x + αd): 0 where that leaves the orthant of x, or of −⋄f where x is 0. */
  private static double[] projected(
      Penalty penalty, double[] x, double[] pseudo, double[] d, double step) {
    double[] point = Rays.point(x, d, step, 0);
    for (int j = 0; j < penalty.features(); j++) {
      double side = x[j] == 0 ? -pseudo[j] : x[j];
      if (penalty.l1(j) > 0 && point[j] * side <= 0) {
        point[j] = 0;
      }
    }
    return point;
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
      boolean resumable) {
    double[] gradient = evaluation.gradient();
    double bound = objective.lowerBound(parameters, gradient);
    return new State(
        step,
        parameters,
        evaluation.value() + objective.penalty().lasso(parameters),
        gradient,
        Vectors.norm(pseudoGradient(objective.penalty(), parameters, gradient)),
        stepLength,
        bound <= boundBefore || Double.isNaN(bound) ? boundBefore : bound,
        probes,
        pairs,
        resumable,
        "");
  }
}
