package dev.talweg.jobs.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** 13 numeric columns and 26 of strings in Parquet, with nulls → a model. */
record ColumnsCase() implements Case.Training {
  static final SparkStages STAGES = new SparkStages(ClickColumns.NUMBERS, ClickColumns.TEXTS);

  private static final int MANY_LEVELS = 100_000;

  private static final int HASH_BITS = 16;

  @Override
  public String name() {
    return "columns";
  }

  @Override
  public String what() {
    return "Simulated, 13 numeric columns and 26 of strings with up to a million levels each, with "
        + "nulls (`ClickColumns`), nine tenths of the rows, λ = 1e-5; raw columns in Parquet → "
        + "model. Features are ln(1 + x) of the numbers, on both sides: `transform: log1p`, and "
        + "`log1p` selected before the Imputer. Each side makes its own features and is held "
        + "against its own minimum; `test-auc` and `test-log-loss` on the other tenth are in the "
        + "lines. `talweg`: the eight columns of 100 000 levels and more hashed to 2^16 features "
        + "each (with a feature per level, 1.7 million, AUC 0.770 without logarithms). `hasher`: "
        + "Imputer + FeatureHasher (2^18). StringIndexer and OneHotEncoder are left "
        + "out: 20 iterations were not done after four minutes.";
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

  /** Columns of many levels are hashed, as FeatureHasher hashes all; others have a dictionary. */
  static String source(String parquet) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < STAGES.texts().size(); i++) {
      String name = STAGES.texts().get(i);
      boolean many = ClickColumns.levels(i) >= MANY_LEVELS;
      texts.add(many ? "{column: " + name + ", hash-bits: " + HASH_BITS + "}" : name);
    }
    return """
        data: {train: "%s", label: label}
        features: {numeric: [{column: "i*", transform: log1p}], categorical: [%s]}
        """
        .formatted(parquet, String.join(", ", texts));
  }

  /** With the logarithms of its numbers, for spark.ml. */
  static Dataset<Row> read(SparkSession spark, String parquet) {
    List<Column> columns = new ArrayList<>(List.of(functions.col("label")));
    STAGES.numbers().forEach(name -> columns.add(functions.log1p(name).as(name)));
    STAGES.texts().forEach(name -> columns.add(functions.col(name)));
    return spark.read().parquet(parquet).select(columns.toArray(Column[]::new));
  }
}
