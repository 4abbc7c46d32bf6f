package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Step;
import java.util.List;

/**
 * A first-order method: the gradient of a batch goes through a chain of transforms, and what comes
 * out is added to the parameters.
 *
 * <p>The state of step k holds the parameters x_k with the value and the gradient of batch k there,
 * so what a stopping rule sees belongs to the parameters it would stop at, and a full batch is
 * nothing special ({@link BatchObjective#full}). A run of n steps evaluates n + 1 batches.
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
    double[] updates = state.gradient();
    Step step = new Step(state.step(), state.value(), state.parameters(), objective.tensors());
    Chain.State memory = chain.update(updates, state.memory(), step);
    double[] parameters = state.parameters().clone();
    Vectors.add(1, updates, parameters);
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
    return new State(
        step,
        parameters,
        evaluation.value(),
        gradient,
        Vectors.norm(gradient),
        learningRate,
        served == parameters ? new double[0] : served,
        memory);
  }

  @Override
  public StateCodec<State> codec() {
    return StateCodec.like(
        new State(0, new double[0], 0, new double[0], 0, 0, new double[0], chain.init(0)));
  }
}
