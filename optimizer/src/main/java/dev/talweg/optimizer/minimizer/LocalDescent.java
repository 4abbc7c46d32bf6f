package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LocalObjective;
import dev.talweg.optimizer.objective.LocalRound;
import dev.talweg.optimizer.objective.LocalRound.Weighting;
import dev.talweg.optimizer.objective.RuleMemory;
import dev.talweg.optimizer.objective.Standardization;
import dev.talweg.optimizer.schedule.Plateau;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.stopping.Patience;
import dev.talweg.optimizer.stopping.Termination;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Step;
import dev.talweg.optimizer.transform.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * First-order steps within each partition between two reductions: every partition takes K steps of
 * the inner rule from the common parameters x, the ways Δ_p they went are averaged, and −Δ is the
 * gradient that the outer rule takes.
 *
 * <p>What people know by name is a choice of inner rule, weighting, outer rule and memory:
 *
 * <ul>
 *   <li>FedAvg (McMahan et al., AISTATS 2017): SGD, by counts, SGD of rate 1;
 *   <li>FedAdagrad, FedAdam, FedYogi (Reddi et al., ICLR 2021): SGD, by counts, Adagrad, Adam or
 *       Yogi;
 *   <li>local SGD with momentum (Yu, Jin and Yang, ICML 2019): SGD with momentum and an averaged
 *       memory, plain, SGD of rate 1; post-local SGD (Lin et al., ICLR 2020) after so many epochs
 *       of single steps;
 *   <li>DiLoCo (Douillard et al. 2023): AdamW, plain, SGD of rate 0.7 with Nesterov's momentum 0.9
 *       (there each worker keeps moments of its own; here they are averaged or begin anew);
 *   <li>one adaptive pass merged coordinate by coordinate (Agarwal et al., JMLR 2014): Adagrad,
 *       adaptive, SGD of rate 1.
 * </ul>
 *
 * <p>With K = 1, SGD within and SGD of rate 1 without, by counts, it is {@link Descent} on global
 * batches but for rounding.
 *
 * <p>A step of the run is a round. Its value is the mean loss over the round that led there, each
 * row measured before a step was taken on it; its gradient is −Δ over the sum of the inner rates,
 * which of plain SGD is the mean of the gradients along the way. The start has those of its first
 * batch. Rounds end with epochs, so the last one of an epoch may be shorter. An inner rule that
 * wants several gradients of a batch takes as many local steps for each of the K.
 *
 * @param inner rule of local steps; schedules in it count local steps
 * @param outer rule of rounds; schedules in it count rounds
 * @param plateau that the rate of local steps follows; null where that is a function of the step
 */
public record LocalDescent(
    Chain inner,
    Rounds rounds,
    Weighting weighting,
    Memory memory,
    Chain outer,
    @Nullable Plateau plateau)
    implements Minimizer<LocalObjective, LocalDescent.State> {

  /** Of local steps whose rate is a function of the step. */
  public LocalDescent(Chain inner, Rounds rounds, Weighting weighting, Memory memory, Chain outer) {
    this(inner, rounds, weighting, memory, outer, null);
  }

  /** What a partition remembers of the inner rule when a round begins. */
  public enum Memory {
    /** The average of what partitions remembered when the round before ended. */
    AVERAGED,
    /** Nothing. */
    FRESH
  }

  /**
   * How local steps fall into rounds.
   *
   * @param steps K of a round, at least 1
   * @param single epochs at the beginning whose rounds are single steps
   */
  public record Rounds(int steps, long single) {
    public Rounds {
      if (steps < 1 || single < 0) {
        throw new IllegalArgumentException(steps + " local steps after " + single + " epochs");
      }
    }

    /** Rounds of an epoch of so many local steps, once they are of K steps. */
    private long ofEpoch(long stepsPerEpoch) {
      return (stepsPerEpoch + steps - 1) / steps;
    }

    /** The number of rounds that so many epochs have. */
    public long of(long epochs, long stepsPerEpoch) {
      long plain = Math.min(epochs, single);
      return plain * stepsPerEpoch + (epochs - plain) * ofEpoch(stepsPerEpoch);
    }

    /** The first batch of a round, counted from 0 over all epochs. */
    public long first(long round, long stepsPerEpoch) {
      long plain = single * stepsPerEpoch;
      if (round < plain) {
        return round;
      }
      long after = round - plain;
      long epoch = after / ofEpoch(stepsPerEpoch);
      return plain + epoch * stepsPerEpoch + after % ofEpoch(stepsPerEpoch) * steps;
    }
  }

  /**
   * After a round.
   *
   * @param gradient −Δ over the sum of the inner rates
   * @param learningRate of the first local step of the round
   * @param average what the memories would have a model be; empty where it is the parameters
   * @param memory of the inner rule, as {@link RuleMemory} has it
   * @param judged what the plateau has seen
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      long step,
      double[] parameters,
      double value,
      double[] gradient,
      double gradientNorm,
      double learningRate,
      double[] average,
      long probes,
      double[] memory,
      Chain.State outer,
      Plateau.State judged,
      Rescue rescue,
      String failure)
      implements GradientState {

    @Override
    public Of gradientIs() {
      return Of.THE_STEP;
    }

    @Override
    public double[] served() {
      return average.length == 0 ? parameters : average;
    }

    private State judged(Plateau.State then) {
      return new State(
          step,
          parameters,
          value,
          gradient,
          gradientNorm,
          learningRate,
          average,
          probes,
          memory,
          outer,
          then,
          rescue,
          failure);
    }
  }

  @Override
  public State judged(State state, double validation, Patience.Better better) {
    return plateau == null || state.step() == 0 // libraries measure after the first epoch
        ? state
        : state.judged(plateau.judged(state.judged(), validation, better));
  }

  @Override
  public Optional<Termination> end(State state) {
    Optional<Termination> own = Minimizer.super.end(state);
    return own.isPresent() || plateau == null ? own : plateau.end(state.judged());
  }

  @Override
  public State start(LocalObjective objective, double[] parameters) {
    objective.checkLength(parameters);
    double[] own = parameters.clone();
    Evaluation first = objective.evaluate(own, 0);
    double[] remembered = new RuleMemory(inner, objective.tensors()).initial();
    Rescue rescue = Rescue.to(own, first.value());
    Chain.State fresh = outer.init(objective.tensors());
    String failure = failure(first, () -> objective.notFinite(own, 0), objective);
    Plateau.State unjudged = plateau == null ? Plateau.State.NONE : plateau.begin();
    return state(objective, 0, own, first, 0, 1, remembered, fresh, unjudged, rescue, failure);
  }

  @Override
  public State next(LocalObjective objective, State state) {
    LocalRound round = round(objective, state);
    LocalRound.Outcome outcome = round.outcome(objective.sums(round));
    long next = state.step() + 1;
    double rate = round.factor() * rate(round, round.first());
    long probes = state.probes() + round.steps();
    double[] gradient = gradient(outcome.way(), round);
    Evaluation found = new Evaluation(outcome.value(), gradient);
    String failure = failure(found, () -> objective.notFinite(round), objective);
    if (failure.isEmpty()) {
      double[] parameters = state.parameters().clone();
      double[] updates = Vectors.negative(outcome.way());
      Step step = new Step(state.step(), outcome.value(), state.parameters(), objective.tensors());
      Chain.State remembered = outer.update(updates, state.outer(), step);
      Vectors.add(1, updates, parameters);
      Rescue rescue = state.rescue().after(next, outcome.value(), parameters);
      return state(
          objective,
          next,
          parameters,
          found,
          rate,
          probes,
          outcome.memory(),
          remembered,
          state.judged(),
          rescue,
          "");
    }
    if (state.rescue().used()) {
      return state(
          objective,
          next,
          state.parameters(),
          found,
          rate,
          probes,
          state.memory(),
          state.outer(),
          state.judged(),
          state.rescue(),
          failure);
    }
    Rescue rescue = state.rescue().used(next, failure);
    double[] back = rescue.parameters().clone();
    Evaluation there = objective.evaluate(back, inner.repeats().batch(round.first()));
    double[] forgotten = new RuleMemory(inner, objective.tensors()).initial();
    Chain.State fresh = outer.init(objective.tensors());
    return state(
        objective, next, back, there, rate, probes, forgotten, fresh, state.judged(), rescue, "");
  }

  private static String failure(
      Evaluation at, Supplier<List<Integer>> partitions, LocalObjective objective) {
    return Rescue.failure(at, Vectors.norm(at.gradient()), partitions, objective.layout());
  }

  private LocalRound round(LocalObjective objective, State state) {
    long perEpoch = objective.stepsPerEpoch();
    long times = inner.repeats().times();
    long first = times * rounds.first(state.step(), perEpoch);
    long until = times * rounds.first(state.step() + 1, perEpoch);
    double[] remembered =
        memory == Memory.FRESH
            ? new RuleMemory(inner, objective.tensors()).initial()
            : state.memory();
    return new LocalRound(
        inner,
        weighting,
        first,
        (int) (until - first),
        state.parameters(),
        remembered,
        state.rescue().factor(),
        state.judged().rate(),
        Standardization.none(0));
  }

  private double rate(LocalRound round, long step) {
    double planned = inner.learningRate(step);
    return plateau == null ? planned : planned * (round.plateau() / plateau.start());
  }

  private double[] gradient(double[] way, LocalRound round) {
    double rates = 0;
    for (long step = round.first(); step < round.first() + round.steps(); step++) {
      rates += round.factor() * rate(round, step);
    }
    double[] gradient = new double[way.length];
    for (int j = 0; j < way.length; j++) {
      gradient[j] = -way[j] / (rates > 0 ? rates : 1);
    }
    return gradient;
  }

  private State state(
      LocalObjective objective,
      long step,
      double[] parameters,
      Evaluation evaluation,
      double learningRate,
      long probes,
      double[] remembered,
      Chain.State outside,
      Plateau.State judged,
      Rescue rescue,
      String failure) {
    Chain.State within = new RuleMemory(inner, objective.tensors()).restored(remembered);
    Tensors tensors = objective.tensors();
    double[] moved = inner.served(parameters, within, tensors);
    double[] served = outer.served(moved, outside, tensors);
    return new State(
        step,
        parameters,
        evaluation.value(),
        evaluation.gradient(),
        Vectors.norm(evaluation.gradient(), still(objective)),
        learningRate,
        served == parameters ? new double[0] : served,
        probes,
        remembered,
        outside,
        judged,
        rescue,
        failure);
  }

  /** What the inner rule leaves where it is. */
  private List<Slice> still(LocalObjective objective) {
    return inner.frozen(objective.tensors()).stream()
        .map(t -> new Slice(t.name(), t.from(), t.length(), t.penalized()))
        .toList();
  }

  @Override
  public StateCodec<State> codec() {
    double[] none = {};
    return StateCodec.like(
        new State(
            0,
            none,
            0,
            none,
            0,
            0,
            none,
            0,
            none,
            outer.init(0),
            Plateau.State.NONE,
            Rescue.to(none, 0),
            ""));
  }
}
