package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Step;
import java.util.Arrays;
import java.util.List;

/**
 * A first-order method: the gradient of a batch goes through a chain of transforms, and what comes
 * out is added to the parameters.
 *
 * <p>The state of step k holds the parameters x_k with the value and the gradient of batch k there,
 * so what a stopping rule sees belongs to the parameters it would stop at, and a full batch is
 * nothing special ({@link BatchObjective#full}). A run of n steps evaluates n + 1 batches.
 *
 * <p>Of {@link BatchObjective#buffers} the gradient's entries are what they become with the step:
 * the chain does not see them, and a checkpoint has them with the gradient.
 *
 * <p>Where a value or a gradient is not finite, the method goes back once: see {@link Rescue}.
 *
 * @param chain whose output is added, so its last word turns uphill into downhill
 */
public record Descent(Chain chain) implements Minimizer<BatchObjective, Descent.State> {

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
      Rescue rescue,
      String failure)
      implements GradientState {

    @Override
    public double[] served() {
      return average.length == 0 ? parameters : average;
    }

    @Override
    public long probes() {
      return step + 1;
    }
  }

  @Override
  public State start(BatchObjective objective, double[] parameters) {
    if (parameters.length != objective.dimension()) {
      throw new IllegalArgumentException(
          "lengths differ: "
              + parameters.length
              + " parameters, an objective of "
              + objective.dimension());
    }
    double[] own = parameters.clone();
    Evaluation evaluation = objective.evaluate(own, 0);
    Rescue rescue = Rescue.to(own, evaluation.value());
    String failure =
        Rescue.failure(evaluation, () -> objective.notFinite(own, 0), objective.layout());
    return state(
        objective.buffers(),
        0,
        own,
        evaluation,
        0,
        chain.init(objective.tensors()),
        rescue,
        failure);
  }

  @Override
  public State next(BatchObjective objective, State state) {
    List<Slice> buffers = objective.buffers();
    double[] updates = state.gradient();
    double[] become = buffers.isEmpty() ? updates : updates.clone();
    clear(buffers, updates);
    Step step = new Step(state.step(), state.value(), state.parameters(), objective.tensors());
    Chain.State memory = chain.update(updates, state.memory(), step);
    double[] parameters = state.parameters().clone();
    double factor = state.rescue().factor();
    Vectors.add(factor, updates, parameters);
    copy(buffers, become, parameters);
    double rate = factor * chain.learningRate(state.step());
    long next = state.step() + 1;
    Evaluation evaluation = objective.evaluate(parameters, next);
    String failure =
        Rescue.failure(evaluation, () -> objective.notFinite(parameters, next), objective.layout());
    if (failure.isEmpty()) {
      Rescue rescue = state.rescue().after(next, evaluation.value(), parameters);
      return state(buffers, next, parameters, evaluation, rate, memory, rescue, "");
    }
    if (state.rescue().used()) {
      return state(buffers, next, parameters, evaluation, rate, memory, state.rescue(), failure);
    }
    Rescue rescue = state.rescue().used(next, failure);
    double[] back = rescue.parameters().clone();
    Chain.State fresh = chain.init(objective.tensors());
    return state(buffers, next, back, objective.evaluate(back, next), rate, fresh, rescue, "");
  }

  private State state(
      List<Slice> buffers,
      long step,
      double[] parameters,
      Evaluation evaluation,
      double learningRate,
      Chain.State memory,
      Rescue rescue,
      String failure) {
    double[] served = chain.served(parameters, memory);
    if (served != parameters && !buffers.isEmpty()) {
      served = served.clone();
      copy(buffers, parameters, served);
    }
    return new State(
        step,
        parameters,
        evaluation.value(),
        evaluation.gradient(),
        norm(evaluation.gradient(), buffers),
        learningRate,
        served == parameters ? new double[0] : served,
        memory,
        rescue,
        failure);
  }

  private static double norm(double[] gradient, List<Slice> buffers) {
    if (buffers.isEmpty()) {
      return Vectors.norm(gradient);
    }
    double[] own = gradient.clone();
    clear(buffers, own);
    return Vectors.norm(own);
  }

  private static void clear(List<Slice> slices, double[] x) {
    for (Slice slice : slices) {
      Arrays.fill(x, slice.from(), slice.from() + slice.length(), 0);
    }
  }

  private static void copy(List<Slice> slices, double[] from, double[] to) {
    for (Slice slice : slices) {
      System.arraycopy(from, slice.from(), to, slice.from(), slice.length());
    }
  }

  @Override
  public StateCodec<State> codec() {
    double[] none = {};
    return StateCodec.like(
        new State(0, none, 0, none, 0, 0, none, chain.init(0), Rescue.to(none, 0), ""));
  }
}
