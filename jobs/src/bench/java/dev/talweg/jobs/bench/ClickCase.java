package dev.talweg.jobs.bench;

import java.util.List;
import java.util.Locale;

/**
 * The click set with vectors in Parquet → a model.
 *
 * @param most iterations that spark.ml is given to reach a target
 */
record ClickCase(
    String name, int dimension, double l1, double l2, List<Double> targets, int most, int rounds)
    implements Case.Training {
  static final int MILLION = 1 << 20;

  static List<Case> all() {
    List<Double> usual = List.of(1e-3, 1e-4);
    return List.of(
        new ClickCase("click-1e-4", MILLION, 0, 1e-4, usual, 100, 5),
        new ClickCase("click-1e-5", MILLION, 0, 1e-5, List.of(1e-3, 1e-4, 1e-6), 100, 5),
        new ClickCase("click-1e-6", MILLION, 0, 1e-6, usual, 100, 5),
        // regParam 1e-5, elasticNetParam 0.5
        new ClickCase("click-elastic", MILLION, 5e-6, 5e-6, usual, 100, 5),
        new ClickCase("click-d10k", 10_000, 0, 1e-5, usual, 100, 5),
        // a pass of spark.ml takes seconds here: a shorter long run, and fewer rounds
        new ClickCase("click-d10m", 10_000_000, 0, 1e-5, usual, 30, 3));
  }

  static ClickCase named(String name) {
    return all().stream()
        .map(ClickCase.class::cast)
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public String what() {
    return String.format(
        Locale.ROOT,
        "The click set, simulated (`ClickVectors`), %,d features, %s; vectors in Parquet → model.",
        dimension,
        l1 > 0
            ? "elastic net: regParam " + (l1 + l2) + ", elasticNetParam 0.5"
            : "λ = " + ToTargets.text(l2));
  }

  @Override
  public ToTargets comparison(Workspace workspace) {
    String parquet =
        ClickVectors.written(workspace.spark(), workspace.data(), workspace.rows(), dimension);
    VectorProblem problem = VectorProblem.of(workspace, name, parquet, l1, l2);
    return new ToTargets(name, problem.sides(workspace), ToTargets.Yardstick.SHARED, targets, most);
  }
}
