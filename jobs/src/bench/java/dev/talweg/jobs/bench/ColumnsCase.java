package dev.talweg.jobs.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** 13 numeric columns with nulls and 26 of strings in Parquet → a model. */
record ColumnsCase() implements Case.Training {
  static final SparkStages STAGES = new SparkStages(names("I", 13), names("C", 26));

  @Override
  public String name() {
    return "columns";
  }

  @Override
  public String what() {
    return "Simulated, 13 numeric columns with nulls and 26 of strings with up to 80 000 "
        + "levels (`ClickColumns`), λ = 1e-5; raw columns in Parquet → model. Each side "
        + "makes its own features and is held against its own minimum; `test-auc` and "
        + "`test-log-loss` on the same held-out rows are in the lines. `hasher`: Imputer + "
        + "FeatureHasher (2^18); `indexer`: Imputer + StringIndexer + OneHotEncoder + "
        + "VectorAssembler.";
  }

  @Override
  public ToTargets comparison(Workspace workspace) {
    SparkSession spark = workspace.spark();
    Path data = workspace.data();
    String parquet = ClickColumns.written(spark, data, workspace.rows());
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
        List.of(problem.talweg(workspace), problem.hasher(), problem.indexer()),
        ToTargets.Yardstick.OWN,
        List.of(1e-3, 1e-4),
        100);
  }

  static String source(String parquet) {
    return "data: {train: \"" + parquet + "\", label: label}\n";
  }

  static Dataset<Row> read(SparkSession spark, String parquet) {
    List<Column> columns = new ArrayList<>();
    columns.add(functions.col("label").cast("double"));
    STAGES.numbers().forEach(name -> columns.add(functions.col(name).cast("double")));
    STAGES.texts().forEach(name -> columns.add(functions.col(name)));
    return spark.read().parquet(parquet).select(columns.toArray(Column[]::new));
  }

  private static List<String> names(String prefix, int count) {
    String[] names = new String[count];
    Arrays.setAll(names, k -> prefix + (k + 1));
    return List.of(names);
  }
}
