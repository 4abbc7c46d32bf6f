package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.schedule.Plateau;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.stopping.Patience;
import dev.talweg.optimizer.stopping.Termination;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Step;
import dev.talweg.optimizer.transform.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A first-order method: an estimate of the gradient goes through a chain of transforms, and what
 * comes out is added to the parameters.
 *
 * <p>The state of step k holds the parameters x_k with the value and the gradient of batch k there
 * (or of the one that the chain wants again: {@link Chain#repeats}), so what a stopping rule sees
 * belongs to the parameters it would stop at, and a full batch is nothing special ({@link
 * BatchObjective#full}). A run of n steps evaluates n + 1 batches, and more where the chain asks
 * for curvature.
 *
 * <p>Of {@link BatchObjective#buffers} the gradient's entries are what they become with the step:
 * the chain does not see them, and a checkpoint has them with the gradient.
 *
 * <p>Where a value or a gradient is not finite, the method goes back once: see {@link Rescue}.
 *
 * @param chain whose output is added, so its last word turns uphill into downhill
 * @param plateau that its learning rate follows; null where that is a function of the step
 * @param estimate of the gradient
 * @param search for how far to go along what the chain gives; null for the whole of it
 */
public record Descent(
    Chain chain, @Nullable Plateau plateau, Estimate estimate, @Nullable Backtracking search)
    implements Minimizer<BatchObjective, Descent.State> {

  /** Of a rate that is a function of the step, by the gradients of batches. */
  public Descent(Chain chain) {
    this(chain, null, Estimate.OF_BATCHES);
  }

  /** Of whole steps. */
  public Descent(Chain chain, @Nullable Plateau plateau, Estimate estimate) {
    this(chain, plateau, estimate, null);
  }

  /** A method of one transform. */
  public Descent(GradientTransform<?> transform) {
    this(Chain.of(List.of(transform)));
  }

  /**
   * After a step.
   *
   * @param gradient at the parameters; handed over to the next step, as is the memory
   * @param learningRate of the step that led here; 0 at the start
   * @param average what the memory would have a model be; empty where it is the parameters
   * @param anchor of the estimate
   * @param judged what the plateau has seen
   * @param length of the step that led here, as a share of what the chain gave; 1 where none was
   *     long enough
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
      Chain.State memory,
      Estimate.Anchor anchor,
      Plateau.State judged,
      Rescue rescue,
      double length,
      long probes,
      String failure)
      implements GradientState {

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
          memory,
          anchor,
          then,
          rescue,
          length,
          probes,
          failure);
    }
  }

  /** What a step begins with: parameters, and what is remembered of the way there. */
  private record Reached(
      long step,
      double[] parameters,
      double learningRate,
      Chain.State memory,
      Plateau.State judged,
      double length,
      long probes) {}

  @Override
  public State start(BatchObjective objective, double[] parameters) {
    objective.checkLength(parameters);
    double[] own = parameters.clone();
    Plateau.State unjudged = plateau == null ? Plateau.State.NONE : plateau.begin();
    Reached reached = new Reached(0, own, 0, chain.init(objective.tensors()), unjudged, 1, 1);
    Estimate.Made made = estimate.at(objective, Estimate.Anchor.NONE, own, batch(0));
    Rescue rescue = Rescue.to(own, made.evaluation().value());
    double norm = Vectors.norm(made.evaluation().gradient());
    String failure = failure(objective, made, norm, own, 0);
    return state(objective, reached, made, norm, rescue, failure);
  }

  private long batch(long step) {
    return chain.repeats().batch(step);
  }

  private String failure(
      BatchObjective objective, Estimate.Made made, double norm, double[] parameters, long step) {
    return Rescue.failure(
        made.evaluation(),
        norm,
        () -> objective.notFinite(parameters, batch(step)),
        objective.layout());
  }

  @Override
  public State next(BatchObjective objective, State state) {
    double[] updates = state.gradient();
    List<Slice> buffers = buffers(objective);
    double[] given = buffers.isEmpty() && search == null ? updates : updates.clone();
    Vectors.clear(objective.buffers(), updates);
    Step step =
        new Step(
            state.step(),
            state.value(),
            state.parameters(),
            objective.tensors(),
            state.judged().rate(),
            () -> objective.curvature(state.parameters(), batch(state.step())));
    Chain.State memory = chain.update(updates, state.memory(), step);
    Backtracking.Found found =
        search == null
            ? new Backtracking.Found(1, 0)
            : search.search(objective, state, batch(state.step()), given, updates);
    double[] parameters = state.parameters().clone();
    double factor = state.rescue().factor() * found.length();
    Vectors.add(factor, updates, parameters);
    Vectors.copy(buffers, given, parameters);
    double rate = factor * rate(state);
    long next = state.step() + 1;
    double length = found.length() > 0 ? found.length() : 1;
    long probes = state.probes() + 1 + found.tried();
    Reached reached = new Reached(next, parameters, rate, memory, state.judged(), length, probes);
    Estimate.Made made = estimate.at(objective, state.anchor(), parameters, batch(next));
    double norm = Vectors.norm(made.evaluation().gradient());
    String failure = failure(objective, made, norm, parameters, next);
    if (failure.isEmpty()) {
      Rescue rescue = state.rescue().after(next, made.evaluation().value(), parameters);
      return state(objective, reached, made, norm, rescue, "");
    }
    if (state.rescue().used()) {
      return state(objective, reached, made, norm, state.rescue(), failure);
    }
    Rescue rescue = state.rescue().used(next, failure);
    double[] back = rescue.parameters().clone();
    Chain.State fresh = chain.init(objective.tensors());
    long anew = chain.repeats().anew(next); // an empty memory is in the middle of no batch
    Reached again = new Reached(anew, back, rate, fresh, state.judged(), 1, probes + 1);
    Estimate.Made there = estimate.at(objective, Estimate.Anchor.NONE, back, batch(anew));
    return state(objective, again, there, Vectors.norm(there.evaluation().gradient()), rescue, "");
  }

  /** The rate of the step from here; a plateau's has come down from its start. */
  private double rate(State state) {
    double planned = chain.learningRate(state.step());
    return plateau == null ? planned : planned * (state.judged().rate() / plateau.start());
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

  private State state(
      BatchObjective objective,
      Reached reached,
      Estimate.Made made,
      double norm,
      Rescue rescue,
      String failure) {
    double[] parameters = reached.parameters;
    Evaluation evaluation = made.evaluation();
    double[] served = chain.served(parameters, reached.memory, objective.tensors());
    if (served != parameters && !objective.buffers().isEmpty()) {
      served = served.clone();
      Vectors.copy(objective.buffers(), parameters, served);
    }
    List<Slice> still = still(objective);
    return new State(
        reached.step,
        parameters,
        evaluation.value(),
        evaluation.gradient(),
        still.isEmpty() ? norm : Vectors.norm(evaluation.gradient(), still),
        reached.learningRate,
        served == parameters ? new double[0] : served,
        reached.memory,
        made.anchor(),
        reached.judged,
        rescue,
        reached.length,
        reached.probes,
        failure);
  }

  /** The slices that no rule moves: buffers, and what the chain leaves where it is. */
  private List<Slice> still(BatchObjective objective) {
    List<Slice> still = new ArrayList<>(objective.buffers());
    for (Tensor frozen : chain.frozen(objective.tensors())) {
      still.add(new Slice(frozen.name(), frozen.from(), frozen.length(), frozen.penalized()));
    }
    return still;
  }

  /** The buffers that follow the batches. */
  private List<Slice> buffers(BatchObjective objective) {
    List<String> frozen = chain.frozen(objective.tensors()).stream().map(Tensor::name).toList();
    return objective.buffers().stream().filter(b -> !frozen.contains(b.name())).toList();
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
            chain.init(0),
            Estimate.Anchor.NONE,
            Plateau.State.NONE,
            Rescue.to(none, 0),
            1,
            1,
            ""));
  }
}
