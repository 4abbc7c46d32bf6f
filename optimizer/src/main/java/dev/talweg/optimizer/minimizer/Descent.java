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
      Chain.State memory)
      implements Minimizer.State {

    @Override
    public double[] served() {
      return average.length == 0 ? parameters : average;
    }

    @Override
    public double stepLength() {
      return learningRate;
    }

    @Override
    public double gap() {
      return Double.NaN;
    }

    @Override
    public double gapEstimate() {
      return Double.NaN;
    }

    @Override
    public long probes() {
      return step + 1;
    }

    @Override
    public boolean resumable() {
      return true;
    }

    @Override
    public String failure() {
      return "";
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
    return state(objective, 0, parameters.clone(), 0, chain.init(objective.tensors()));
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
    Vectors.add(1, updates, parameters);
    copy(buffers, become, parameters);
    return state(objective, state.step() + 1, parameters, chain.learningRate(state.step()), memory);
  }

  private State state(
      BatchObjective objective,
      long step,
      double[] parameters,
      double learningRate,
      Chain.State memory) {
    Evaluation evaluation = objective.evaluate(parameters, step);
    double[] gradient = evaluation.gradient();
    double[] served = chain.served(parameters, memory);
    if (served != parameters && !objective.buffers().isEmpty()) {
      served = served.clone();
      copy(objective.buffers(), parameters, served);
    }
    return new State(
        step,
        parameters,
        evaluation.value(),
        gradient,
        norm(gradient, objective.buffers()),
        learningRate,
        served == parameters ? new double[0] : served,
        memory);
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
    return StateCodec.like(
        new State(0, new double[0], 0, new double[0], 0, 0, new double[0], chain.init(0)));
  }
}
