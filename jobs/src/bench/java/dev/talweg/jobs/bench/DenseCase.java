package dev.talweg.jobs.bench;

import java.util.List;

/** 100 dense features → a model. */
record DenseCase() implements Case.Training {

  @Override
  public String name() {
    return "dense";
  }

  @Override
  public String what() {
    return "Simulated, 100 dense features (`DenseVectors`), λ = 1e-5; vectors in Parquet → "
        + "model.";
  }

  @Override
  public ToTargets comparison(Workspace workspace) {
    String parquet = DenseVectors.written(workspace.spark(), workspace.data(), workspace.rows());
    VectorProblem problem = VectorProblem.of(workspace, name(), parquet, 0, 1e-5);
    return new ToTargets(
        name(), problem.sides(workspace), ToTargets.Yardstick.SHARED, List.of(1e-3, 1e-4), 100);
  }
}
