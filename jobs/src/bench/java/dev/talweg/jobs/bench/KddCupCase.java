package dev.talweg.jobs.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * KDD Cup 1999, ten percent: attack or not, nearly separable. The 38 numbers are scaled to unit
 * deviation and the three texts are one-hot, once before any clock, so that all sides read the same
 * vectors.
 */
record KddCupCase(double l2) implements Case.Training {
  private static final String FILE = "kddcup99-10pct/kddcup.data_10_percent.gz";
  private static final List<String> TEXTS = List.of("_c1", "_c2", "_c3");

  @Override
  public String name() {
    return String.format(Locale.ROOT, "kddcup-%s", ToTargets.text(l2));
  }

  @Override
  public String what() {
    return "KDD Cup 1999, ten percent, attack or not, nearly separable; numbers scaled and "
        + "texts one-hot before any clock; vectors in Parquet → model.";
  }

  @Override
  public ToTargets comparison(Workspace workspace) {
    String parquet = prepared(workspace);
    VectorProblem problem = VectorProblem.of(workspace, name(), parquet, 0, l2);
    return new ToTargets(
        name(), problem.sides(workspace), ToTargets.Yardstick.SHARED, List.of(1e-3, 1e-4), 200);
  }

  private static String prepared(Workspace workspace) {
    Path files = workspace.data().resolve("kddcup.parquet");
    if (!Files.exists(files.resolve("_SUCCESS"))) {
      Dataset<Row> rows = read(workspace);
      new Pipeline()
          .setStages(stages().toArray(PipelineStage[]::new))
          .fit(rows)
          .transform(rows)
          .select("label", "features")
          .repartition(4)
          .write()
          .mode("overwrite")
          .parquet(files.toString());
    }
    return files.toString();
  }

  private static Dataset<Row> read(Workspace workspace) {
    List<Column> columns = new ArrayList<>();
    columns.add(
        functions.when(functions.col("_c41").equalTo("normal."), 0.0).otherwise(1.0).as("label"));
    for (int c = 0; c < 41; c++) {
      Column column = functions.col("_c" + c);
      columns.add(TEXTS.contains("_c" + c) ? column : column.cast("double"));
    }
    return workspace
        .spark()
        .read()
        .csv(workspace.set(FILE).toString())
        .select(columns.toArray(Column[]::new));
  }

  private static List<PipelineStage> stages() {
    List<String> numbers = new ArrayList<>();
    for (int c = 0; c < 41; c++) {
      if (!TEXTS.contains("_c" + c)) {
        numbers.add("_c" + c);
      }
    }
    String[] indexed = {"i1", "i2", "i3"};
    String[] encoded = {"h1", "h2", "h3"};
    return List.of(
        new VectorAssembler().setInputCols(numbers.toArray(String[]::new)).setOutputCol("numbers"),
        new StandardScaler().setInputCol("numbers").setOutputCol("scaled"),
        new StringIndexer().setInputCols(TEXTS.toArray(String[]::new)).setOutputCols(indexed),
        new OneHotEncoder().setInputCols(indexed).setOutputCols(encoded).setDropLast(false),
        new VectorAssembler()
            .setInputCols(new String[] {"scaled", "h1", "h2", "h3"})
            .setOutputCol("features"));
  }
}
