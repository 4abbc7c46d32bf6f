package dev.talweg.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link LogisticRegressionTest}; losses are those of Spark's own predictions for both. */
class MultilayerPerceptronClassifierTest {
  /** One partition of two blocks of equal size, so that every row counts the same in Spark too. */
  private static final Dataset<Row> ROWS = SmallData.classes(256).frame().coalesce(1).cache();

  private static final StructType SCHEMA =
      new StructType()
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType);

  private static final Dataset<Row> XOR =
      LocalSpark.session()
          .createDataFrame(
              List.of(
                  RowFactory.create(Vectors.dense(0, 0), 0.0),
                  RowFactory.create(Vectors.dense(0, 1), 1.0),
                  RowFactory.create(Vectors.dense(1, 0), 1.0),
                  RowFactory.create(Vectors.dense(1, 1), 0.0)),
              SCHEMA)
          .coalesce(1)
          .cache();

  private static MultilayerPerceptronClassifier ours() {
    return new dev.talweg.ml.classification.MultilayerPerceptronClassifier("same");
  }

  private static MultilayerPerceptronClassifier theirs() {
    return new MultilayerPerceptronClassifier("same");
  }

  /** The mean of −log p of the labels. */
  private static double loss(MultilayerPerceptronClassificationModel model, Dataset<Row> rows) {
    return model.transform(rows).select("probability", "label").collectAsList().stream()
        .mapToDouble(row -> -Math.log(row.<Vector>getAs(0).apply((int) row.getDouble(1))))
        .average()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void isNeverWorseThanSparksFromTheSameWeights(long seed) {
    Consumer<MultilayerPerceptronClassifier> parameters =
        mlp -> mlp.setLayers(new int[] {6, 5, 4}).setSeed(seed);
    MultilayerPerceptronClassifier own = ours();
    MultilayerPerceptronClassifier stock = theirs();
    parameters.accept(own);
    parameters.accept(stock);
    MultilayerPerceptronClassificationModel mine = own.fit(ROWS);
    MultilayerPerceptronClassificationModel other = stock.fit(ROWS);
    double[] history = mine.summary().objectiveHistory();
    // sums of 256 terms in another order
    assertEquals(other.summary().objectiveHistory()[0], history[0], 1e-12 * history[0]);
    double value = loss(mine, ROWS);
    assertEquals(value, history[history.length - 1], 1e-9);
    double best = loss(other, ROWS);
    assertTrue(value <= best * (1 + 1e-6), value + " is above Spark's " + best);
    assertTrue(mine.summary().totalIterations() <= 100);
    assertEquals(other.transform(ROWS).schema().json(), mine.transform(ROWS).schema().json());
    assertEquals(SparkMlTest.explained(other), SparkMlTest.explained(mine));
  }

  private static MultilayerPerceptronClassificationModel tenStepsOfDescent(
      MultilayerPerceptronClassifier mlp) {
    return mlp.setLayers(new int[] {6, 3, 4})
        .setSolver("gd")
        .setStepSize(0.01)
        .setMaxIter(10)
        .setSeed(5)
        .fit(ROWS);
  }

  /** The same steps, as far as rounding lets two sums of 256 terms be the same. */
  @Test
  void gradientDescentIsThatOfSpark() {
    MultilayerPerceptronClassificationModel own = tenStepsOfDescent(ours());
    MultilayerPerceptronClassificationModel stock = tenStepsOfDescent(theirs());
    assertArrayEquals(stock.weights().toArray(), own.weights().toArray(), 1e-10);
    assertArrayEquals(stock.summary().objectiveHistory(), own.summary().objectiveHistory(), 1e-10);
  }

  @Test
  void learnsWhatNoLineSeparatesAndMeasuresUncertainty() {
    MultilayerPerceptronClassificationModel xor =
        ours().setLayers(new int[] {2, 5, 2}).setSeed(123).fit(XOR);
    xor.transform(XOR)
        .collectAsList()
        .forEach(row -> assertEquals(row.getDouble(1), row.<Double>getAs("prediction")));
    Vector first = Vectors.dense(0, 1);
    assertEquals(1, xor.predict(first));
    Dataset<Row> twice =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create(Vectors.dense(1, 2, 3, 4), 0.0),
                    RowFactory.create(Vectors.dense(4, 3, 2, 1), 1.0),
                    RowFactory.create(Vectors.dense(1, 1, 1, 1), 0.0),
                    RowFactory.create(Vectors.dense(1, 1, 1, 1), 1.0)),
                SCHEMA);
    MultilayerPerceptronClassificationModel model =
        ours().setLayers(new int[] {4, 5, 2}).setSeed(123).fit(twice);
    assertEquals(0.5, model.predictProbability(Vectors.dense(1, 1, 1, 1)).apply(0), 1e-3);
    assertEquals(1, model.predictProbability(Vectors.dense(1, 2, 3, 4)).apply(0), 1e-3);
  }

  @Test
  void initialWeightsAreWhereTrainingStarts() {
    MultilayerPerceptronClassifier mlp = ours().setLayers(new int[] {2, 5, 2}).setMaxIter(1);
    Vector initial = mlp.setSeed(12).fit(XOR).weights();
    mlp.setInitialWeights(initial.copy());
    assertEquals(mlp.setSeed(1).fit(XOR).weights(), mlp.setSeed(2).fit(XOR).weights());
    assertEquals(initial, mlp.setMaxIter(0).fit(XOR).weights());
  }

  @Test
  void withoutHiddenLayersItIsAMultinomialLogisticRegression() {
    MultilayerPerceptronClassificationModel net =
        ours().setLayers(new int[] {6, 4}).setMaxIter(500).setTol(1e-9).setSeed(1).fit(ROWS);
    double[] history =
        new dev.talweg.ml.classification.LogisticRegression()
            .fit(ROWS)
            .summary()
            .objectiveHistory();
    double optimum = history[history.length - 1];
    assertEquals(optimum, loss(net, ROWS), 1e-5 * optimum);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no layers",
        "label of no class",
        "fractional label",
        "text label",
        "NaN feature",
        "null features",
        "other inputs",
        "other initial weights"
      })
  void errorsAreThoseOfSpark(String what) {
    SparkMlTest.assertRefusedAlike(() -> fit(what, ours()), () -> fit(what, theirs()));
  }

  private static void fit(String what, MultilayerPerceptronClassifier mlp) {
    Dataset<Row> rows = XOR;
    if (!what.equals("no layers")) {
      mlp.setLayers(new int[] {what.equals("other inputs") ? 3 : 2, 2, 2}).setMaxIter(1);
    }
    switch (what) {
      case "no layers", "other inputs" -> {}
      case "label of no class" -> rows = rows.withColumn("label", col("label").plus(1));
      case "fractional label" -> rows = rows.withColumn("label", col("label").divide(2));
      case "text label" -> rows = rows.withColumn("label", lit("yes"));
      case "NaN feature" ->
          rows =
              rows.union(
                  LocalSpark.session()
                      .createDataFrame(
                          List.of(RowFactory.create(Vectors.dense(Double.NaN, 1), 1.0)), SCHEMA));
      case "null features" ->
          rows =
              rows.withColumn(
                  "features",
                  org.apache.spark.sql.functions.when(col("label").equalTo(0), col("features")));
      case "other initial weights" -> mlp.setInitialWeights(Vectors.dense(1, 2, 3));
      default -> throw new IllegalArgumentException(what);
    }
    mlp.fit(rows);
  }
}
