package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.transform.Tensors;
import java.util.List;

/**
 * All examples in every batch: a step is an epoch.
 *
 * @param layout of the parameters
 * @param tensors that they fall into
 */
public record FullBatch(Objective objective, ParameterLayout layout, Tensors tensors)
    implements BatchObjective {

  /** Of parameters that are one vector. */
  public FullBatch(Objective objective) {
    this(
        objective,
        new ParameterLayout(List.of(new Slice("parameters", 0, objective.dimension(), true))),
        Tensors.flat(objective.dimension()));
  }

  @Override
  public int dimension() {
    return objective.dimension();
  }

  @Override
  public long stepsPerEpoch() {
    return 1;
  }

  @Override
  public Evaluation evaluate(double[] parameters, long step) {
    return objective.evaluate(parameters);
  }

  @Override
  public Evaluation evaluateAll(double[] parameters) {
    return objective.evaluate(parameters);
  }
}
