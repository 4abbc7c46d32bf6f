package dev.talweg.ml;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.ml.classification.LogisticRegression;
import dev.talweg.ml.regression.LinearRegression;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.classification.BinaryLogisticRegressionSummary;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.LogisticRegressionSummary;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionSummary;
import org.apache.spark.ml.regression.LinearRegressionTrainingSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/**
 * What the suites of {@code spark.ml} for these classes test and no other test here does;
 * docs/spark-ml.md has the table.
 */
class SuiteBehavioursTest {
  private static final Dataset<Row> BINARY = SmallData.binary(120).frame().coalesce(1).cache();
  private static final Dataset<Row> CLASSES = SmallData.classes(120).frame().coalesce(1).cache();
  private static final Dataset<Row> NUMBERS =
      VaryingFeatures.of(SmallData.numbers(120).frame()).coalesce(1).cache();

  @Test
  void oneVsRestTakesIt() {
    List<Row> ours = predictions(new LogisticRegression());
    List<Row> theirs = predictions(new org.apache.spark.ml.classification.LogisticRegression());
    assertEquals(theirs, ours);
  }

  private static List<Row> predictions(
      org.apache.spark.ml.classification.LogisticRegression estimator) {
    return new OneVsRest()
        .setClassifier(estimator.setRegParam(0.1).setTol(1e-9))
        .fit(CLASSES)
        .transform(CLASSES)
        .select("prediction")
        .collectAsList();
  }

  @Test
  void namesAreCaseInsensitive() {
    LogisticRegressionModel model =
        new LogisticRegression().setFamily("MultiNomial").setRegParam(1).fit(BINARY);
    assertEquals(2, model.coefficientMatrix().numRows());
  }

  @Test
  void aThresholdMovesPredictionsAndNotTheModel() {
    LogisticRegressionModel model = new LogisticRegression().setRegParam(0.1).fit(BINARY);
    assertEquals(120, count(model.copy(ParamMap.empty()).setThreshold(0), 1));
    assertEquals(120, count(model.copy(ParamMap.empty()).setThreshold(1), 0));
    LogisticRegressionModel early =
        new LogisticRegression().setRegParam(0.1).setThreshold(0.01).fit(BINARY);
    assertEquals(0.01, early.getThreshold());
    assertEquals(model.coefficients(), early.coefficients());
  }

  @Test
  void thresholdsOfClassesMovePredictionsAsSparksDo() {
    LogisticRegression ours = new LogisticRegression();
    LogisticRegressionModel model = ours.setRegParam(0.1).fit(CLASSES);
    for (int k = 0; k < 4; k++) {
      double[] thresholds = {1e12, 1e12, 1e12, 1e12}; // above any ratio of probabilities
      thresholds[k] = 1;
      double only = k;
      LogisticRegressionModel moved = model.copy(ParamMap.empty()).setThresholds(thresholds);
      assertEquals(
          120,
          moved.transform(CLASSES).where(col("prediction").equalTo(only)).count(),
          "class " + k);
    }
    double[] some = {0.1, 0.5, 0.2, 0.2};
    assertEquals(
        model.copy(ParamMap.empty()).setThresholds(some).transform(CLASSES).collectAsList(),
        ours.setThresholds(some).fit(CLASSES).transform(CLASSES).collectAsList());
  }

  private static long count(LogisticRegressionModel model, double prediction) {
    return model.transform(BINARY).where(col("prediction").equalTo(prediction)).count();
  }

  @Test
  void aSummaryNeedsNoColumnsOfTheUser() {
    LogisticRegressionModel model =
        new LogisticRegression()
            .setRegParam(0.1)
            .setPredictionCol("")
            .setProbabilityCol("")
            .fit(BINARY);
    assertTrue(model.binarySummary().areaUnderROC() > 0.8);
    assertEquals("", model.getProbabilityCol());
    assertFalse(List.of(model.transform(BINARY).columns()).contains("prediction"));
  }

  @Test
  void anEvaluationOfTheTrainingRowsIsTheTrainingSummary() {
    LogisticRegressionModel model =
        new LogisticRegression().setRegParam(0.1).setWeightCol("weight").fit(CLASSES);
    LogisticRegressionSummary again = model.evaluate(CLASSES);
    assertEquals(model.summary().accuracy(), again.accuracy());
    assertArrayEquals(model.summary().recallByLabel(), again.recallByLabel());
    LogisticRegressionModel binary = new LogisticRegression().setRegParam(0.1).fit(BINARY);
    BinaryLogisticRegressionSummary more = binary.evaluate(BINARY).asBinary();
    assertEquals(binary.binarySummary().areaUnderROC(), more.areaUnderROC());
  }

  @Test
  void aStrongLassoLeavesTheInterceptAlone() {
    LogisticRegressionModel model =
        new LogisticRegression().setRegParam(6).setElasticNetParam(1).fit(BINARY);
    assertEquals(0, model.coefficients().numNonzeros());
    assertTrue(model.coefficients() instanceof SparseVector, "not compressed");
    long positive = BINARY.where("label = 1").count();
    assertEquals(Math.log(positive / (120.0 - positive)), model.intercept(), 1e-3);
  }

  @Test
  void denseAndSparseRowsGiveTheSameModel() {
    Dataset<Row> sparse = BINARY.withColumn("features", as(true));
    Dataset<Row> dense = BINARY.withColumn("features", as(false));
    double[] first = new LogisticRegression().setRegParam(0.1).fit(sparse).coefficients().toArray();
    double[] second = new LogisticRegression().setRegParam(0.1).fit(dense).coefficients().toArray();
    for (int j = 0; j < first.length; j++) { // sums in another order, steps to the same gap
      assertEquals(first[j], second[j], 1e-6 * Math.abs(first[j]));
    }
  }

  private static org.apache.spark.sql.Column as(boolean sparse) {
    return functions
        .udf((Vector v) -> sparse ? v.toSparse() : v.toDense(), SQLDataTypes.VectorType())
        .apply(col("features"));
  }

  /** A feature times 2^k is the same problem without a penalty. */
  @Test
  void theScaleOfAFeatureDoesNotMatter() {
    Dataset<Row> scaled =
        NUMBERS.withColumn(
            "features",
            functions
                .udf(
                    (Vector v) ->
                        Vectors.dense(
                            0x1p-20 * v.apply(0), 0x1p10 * v.apply(1), v.apply(2), v.apply(3)),
                    SQLDataTypes.VectorType())
                .apply(col("features")));
    double[] plain = new LinearRegression().fit(NUMBERS).coefficients().toArray();
    double[] found = new LinearRegression().fit(scaled).coefficients().toArray();
    double[] back = {0x1p-20 * found[0], 0x1p10 * found[1], found[2], found[3]};
    assertArrayEquals(plain, back, 1e-6 * Arrays.stream(plain).map(Math::abs).max().orElseThrow());
  }

  @Test
  void combinationsOfFeaturesHaveNoStandardErrors() {
    Dataset<Row> twice =
        new VectorAssembler()
            .setInputCols(new String[] {"features", "weight", "double"})
            .setOutputCol("more")
            .transform(NUMBERS.withColumn("double", col("weight").multiply(2)))
            .drop("features")
            .withColumnRenamed("more", "features");
    LinearRegressionTrainingSummary ours = new LinearRegression().fit(twice).summary();
    LinearRegressionTrainingSummary theirs =
        new org.apache.spark.ml.regression.LinearRegression().fit(twice).summary();
    assertThrows(UnsupportedOperationException.class, theirs::coefficientStandardErrors);
    assertThrows(UnsupportedOperationException.class, ours::coefficientStandardErrors);
    assertTrue(ours.meanSquaredError() <= theirs.meanSquaredError() * (1 + 1e-6));
  }

  /** From 4097 features on Spark's {@code auto} iterates, with deviations of the sample. */
  @Test
  void moreFeaturesThanNormalEquationsTakeAreThoseOfTheIterativeSolver() {
    Dataset<Row> wide =
        NUMBERS.withColumn(
            "features",
            functions
                .udf(
                    (Vector v) -> Vectors.sparse(4100, new int[] {0, 1, 2, 4099}, v.toArray()),
                    SQLDataTypes.VectorType())
                .apply(col("features")));
    LinearRegression ours = new LinearRegression().setRegParam(0.3).setTol(1e-12);
    LinearRegressionModel chosen = ours.fit(wide);
    LinearRegressionModel told = ours.setSolver("l-bfgs").fit(wide);
    assertArrayEquals(told.coefficients().toArray(), chosen.coefficients().toArray());
    assertThrows(
        UnsupportedOperationException.class, () -> chosen.summary().coefficientStandardErrors());
    LinearRegressionModel theirs =
        new org.apache.spark.ml.regression.LinearRegression()
            .setRegParam(0.3)
            .setTol(1e-12)
            .fit(wide);
    assertEquals(theirs.coefficients().numNonzeros(), chosen.coefficients().numNonzeros());
    // a gap of 1e-12 leaves 1e-6 of what is not the objective, and Spark's is no smaller
    assertEquals(
        1, chosen.summary().meanSquaredError() / theirs.summary().meanSquaredError(), 1e-5);
  }

  @Test
  void theSummaryOfARegressionIsThatOfSpark() {
    LinearRegressionModel ours = new LinearRegression().setWeightCol("weight").fit(NUMBERS);
    LinearRegressionSummary own = ours.summary();
    LinearRegressionSummary stock =
        new org.apache.spark.ml.regression.LinearRegression()
            .setWeightCol("weight")
            .fit(NUMBERS)
            .summary();
    // the residual sum is within 1e-7 of the least one, and the others are of its kind
    near(stock.meanSquaredError(), own.meanSquaredError());
    near(stock.rootMeanSquaredError(), own.rootMeanSquaredError());
    assertEquals(stock.meanAbsoluteError(), own.meanAbsoluteError(), 1e-3);
    assertEquals(
        stock.explainedVariance(), own.explainedVariance(), 1e-3 * stock.explainedVariance());
    near(stock.r2adj(), own.r2adj());
    assertEquals(stock.numInstances(), own.numInstances());
    assertEquals(stock.degreesOfFreedom(), own.degreesOfFreedom());
    assertEquals(stock.residuals().count(), own.residuals().count());
    near(ours.evaluate(NUMBERS).r2(), own.r2());
    Row first = NUMBERS.first();
    assertEquals(
        ours.predict(first.getAs("features")),
        ours.transform(NUMBERS).first().<Double>getAs("prediction"));
  }

  private static void near(double expected, double actual) {
    assertEquals(expected, actual, 1e-6 * Math.abs(expected));
  }
}
