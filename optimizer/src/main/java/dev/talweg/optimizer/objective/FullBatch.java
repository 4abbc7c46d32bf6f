package dev.talweg.optimizer.objective;

/** All examples in every batch: a step is an epoch. */
public record FullBatch(Objective objective) implements BatchObjective {
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
}
