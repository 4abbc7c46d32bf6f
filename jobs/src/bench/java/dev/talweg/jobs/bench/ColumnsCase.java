package dev.talweg.jobs.bench;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** 13 numeric columns and 26 of strings in Parquet, with nulls → a model. */
record ColumnsCase() implements Case.Training {
  static final SparkStages STAGES = new SparkStages(ClickColumns.NUMBERS, ClickColumns.TEXTS);

  @Override
  public String name() {
    return "columns";
  }

  @Override
  public String what() {
    return "Simulated, 13 numeric columns and 26 of strings with up to a million levels each, with "
        + "nulls (`ClickColumns`), nine tenths of the rows, λ = 1e-5; raw columns in Parquet → "
        + "model. Numbers are features as they are, on no side their logarithms, which a "
        + "configuration of Talweg cannot ask for. Each side makes its own features and is held "
        + "against its own minimum; `test-auc` and `test-log-loss` on the other tenth are in the "
        + "lines. `hasher`: Imputer + FeatureHasher (2^18). StringIndexer and OneHotEncoder are left "
        + "out: with a feature per level, 1.7 million, 20 iterations were not done after four "
        + "minutes.";
  }

  @Override
  public ToTargets comparison(Workspace workspace) {
    SparkSession spark = workspace.spark();
    Path data = workspace.data();
    String parquet = ClickColumns.training(spark, data, workspace.rows());
    String heldOut = ClickColumns.heldOut(spark, data, workspace.rows());
    RawProblem problem =
        new RawProblem(
            name(),
            source(parquet),
            () -> read(spark, parquet),
            STAGES,
            0,
            1e-5,
            new RawProblem.Judged("test", source(heldOut), () -> read(spark, heldOut)));
    return new ToTargets(
        name(),
        List.of(problem.talweg(workspace), problem.hasher()),
        ToTargets.Yardstick.OWN,
        List.of(1e-3, 1e-4),
        100);
  }

  static String source(String parquet) {
    return "data: {train: \"" + parquet + "\", label: label}\n";
  }

  static Dataset<Row> read(SparkSession spark, String parquet) {
    return spark.read().parquet(parquet);
  }
}
