package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.DualAscent;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearObjective.Dual;
import dev.talweg.optimizer.state.StateCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Local dual ascent, CoCoA+ (Ma et al., ICML 2015; Smith et al., JMLR 18:230, 2018): in each round
 * every partition climbs the dual over its own rows ({@link DualAscent}), counting its steps σ'
 * times, and what the partitions found is added up (γ = 1), which is safe for σ' = partitions. It
 * needs no slope of the loss, so hinge and pinball are themselves and not smoothed.
 *
 * <p><b>The intercept</b> is free, so the dual is constrained to Σωθ = 0. Method of multipliers on
 * that one constraint: the centred intercept c has a proximal term ½ (c − c₀)²/s_b, in whose dual
 * the constraint is gone, and c₀ moves to c after every round. Both settle where Σωθ = 0. A model
 * through the origin has no such constraint.
 *
 * <p><b>Certificate.</b> The multipliers, balanced to Σωθ = 0 as {@code LinearProblem} does, are a
 * dual point. The primal is at their weights with the best intercept for them, found on cached
 * margins. Either side of the best round so far is kept, so the gap does not rise.
 *
 * <p><b>State.</b> The multipliers, eight bytes a row, come to the driver with every round and are
 * part of the state: so every state is resumable, and nothing on an executor is not a function of
 * what it was sent (docs/decisions/0015).
 *
 * @param passes over a partition's rows in a round
 * @param safety σ'; 0 for the number of partitions
 */
public record Cocoa(int passes, double safety) implements LinearMinimizer<Cocoa.State> {

  public Cocoa {
    if (passes < 1 || !(safety >= 0)) {
      throw new IllegalArgumentException(
          "passes " + passes + " must be at least 1, and safety " + safety + " at least 0");
    }
  }

  /** The multipliers of a partition, row by row. */
  public record Multipliers(double[] values) {}

  /**
   * After a round.
   *
   * @param parameters the best so far; value and gradient are there
   * @param bound the best lower bound so far
   * @param centre c₀
   */
  public record State(
      long step,
      double[] parameters,
      double value,
      double gradientNorm,
      double bound,
      double centre,
      List<Multipliers> multipliers,
      double[] sums,
      double[] current,
      String failure)
      implements Minimizer.State {

    @Override
    public double stepLength() {
      return 1;
    }

    @Override
    public double gap() {
      return (value - bound) / Math.max(Math.abs(value), Double.MIN_NORMAL);
    }

    @Override
    public double gapEstimate() {
      return gap();
    }

    @Override
    public Optional<Certificate> certificate() {
      return Optional.of(new Certificate(value, bound));
    }

    @Override
    public long probes() {
      return step + 1;
    }

    @Override
    public boolean resumable() {
      return true;
    }

    Dual.Point point() {
      return new Dual.Point(multipliers.stream().map(Multipliers::values).toList(), sums, current);
    }
  }

  @Override
  public StateCodec<State> codec() {
    return StateCodec.of(State.class);
  }

  /** At multipliers of zero; at the slopes of an earlier model where there is one. */
  @Override
  public State start(LinearObjective objective, double[] parameters) {
    Dual dual = objective.dual();
    int d = parameters.length - 1;
    boolean prior = Arrays.stream(parameters, 0, d).allMatch(w -> w == 0);
    Dual.Point point = dual.point(prior ? List.of() : dual.multipliers(parameters), parameters[d]);
    Evaluation evaluation = objective.evaluate(parameters);
    return new State(
        0,
        parameters.clone(),
        evaluation.value(),
        Vectors.norm(evaluation.gradient()),
        dual.bound(point),
        point.parameters()[d],
        kept(point),
        point.sums(),
        point.parameters(),
        "");
  }

  @Override
  public State next(LinearObjective objective, State state) {
    Dual dual = objective.dual();
    Dual.Point before = state.point();
    double factor = safety > 0 ? safety : dual.partitions(before);
    Dual.Point point = dual.climb(before, state.centre(), factor, passes, state.step() + 1);
    double bound = Math.max(state.bound(), dual.bound(point));
    double[] parameters = dual.primal(point);
    Evaluation evaluation = objective.evaluate(parameters);
    boolean better = evaluation.value() < state.value();
    int d = parameters.length - 1;
    return new State(
        state.step() + 1,
        better ? parameters : state.parameters(),
        better ? evaluation.value() : state.value(),
        better ? Vectors.norm(evaluation.gradient()) : state.gradientNorm(),
        bound,
        point.parameters()[d],
        kept(point),
        point.sums(),
        point.parameters(),
        "");
  }

  private static List<Multipliers> kept(Dual.Point point) {
    return point.multipliers().stream().map(Multipliers::new).toList();
  }
}
