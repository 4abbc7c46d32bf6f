package dev.talweg.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.ml.classification.LinearSVC;
import dev.talweg.ml.classification.LogisticRegression;
import dev.talweg.ml.classification.MultilayerPerceptronClassifier;
import dev.talweg.ml.regression.GeneralizedLinearRegression;
import dev.talweg.ml.regression.LinearRegression;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.linalg.Matrices;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That everything around a fit is Spark's. */
class SparkMlTest {
  private static final Dataset<Row> ROWS = SmallData.binary(120).frame().coalesce(1).cache();

  @TempDir static Path directory;

  @Test
  void parametersAndDefaultsAreThoseOfSpark() {
    for (Map.Entry<PipelineStage, PipelineStage> each :
        Map.<PipelineStage, PipelineStage>of(
                new LogisticRegression("same"),
                new org.apache.spark.ml.classification.LogisticRegression("same"),
                new LinearRegression("same"),
                new org.apache.spark.ml.regression.LinearRegression("same"),
                new GeneralizedLinearRegression("same"),
                new org.apache.spark.ml.regression.GeneralizedLinearRegression("same"),
                new LinearSVC("same"),
                new org.apache.spark.ml.classification.LinearSVC("same"),
                new MultilayerPerceptronClassifier("same"),
                new org.apache.spark.ml.classification.MultilayerPerceptronClassifier("same"))
            .entrySet()) {
      assertEquals(each.getValue().explainParams(), each.getKey().explainParams());
      assertEquals(
          each.getValue().extractParamMap().toString(), each.getKey().extractParamMap().toString());
    }
  }

  /** A chain of setters ends at the class it began with, so one import line is the migration. */
  @Test
  void everySetterReturnsTheClassItself() {
    List<String> others = new ArrayList<>();
    for (Class<?> each :
        List.of(
            LogisticRegression.class,
            LinearRegression.class,
            GeneralizedLinearRegression.class,
            LinearSVC.class,
            MultilayerPerceptronClassifier.class)) {
      Set<String> own = new TreeSet<>();
      for (var method : each.getDeclaredMethods()) {
        if (!method.isBridge() && method.getReturnType() == each) {
          own.add(method.getName());
        }
      }
      for (var method : each.getMethods()) {
        boolean setter =
            method.getName().matches("set(?!Default)[A-Z].*") && method.getParameterCount() == 1;
        if (setter && !own.contains(method.getName())) {
          others.add(each.getSimpleName() + "." + method.getName());
        }
      }
    }
    assertEquals(List.of(), others);
  }

  @Test
  void columnsAndTheirMetadataAreThoseOfSpark() {
    LogisticRegressionModel ours = new LogisticRegression("same").setRegParam(0.1).fit(ROWS);
    LogisticRegressionModel theirs =
        new org.apache.spark.ml.classification.LogisticRegression("same")
            .setRegParam(0.1)
            .fit(ROWS);
    assertEquals(theirs.transform(ROWS).schema().json(), ours.transform(ROWS).schema().json());
    assertEquals(theirs.getClass(), ours.getClass());
    assertEquals(theirs.uid(), ours.uid());
    assertEquals(theirs.explainParams(), ours.explainParams());
    assertInstanceOf(LogisticRegression.class, ours.parent());
    assertEquals(theirs.coefficients().getClass(), ours.coefficients().getClass());
  }

  @Test
  void theTrainingSummaryIsThatOfSpark() {
    LogisticRegressionModel ours = new LogisticRegression().setRegParam(0.1).setTol(1e-9).fit(ROWS);
    LogisticRegressionModel theirs =
        new org.apache.spark.ml.classification.LogisticRegression()
            .setRegParam(0.1)
            .setTol(1e-9)
            .fit(ROWS);
    assertTrue(ours.hasSummary());
    assertEquals(theirs.summary().accuracy(), ours.summary().accuracy());
    long positive = ROWS.where("label = 1").count();
    // one pair of rows whose margins are nearly the same may stand either way
    double pair = 1.0 / (positive * (ROWS.count() - positive));
    assertEquals(
        theirs.binarySummary().areaUnderROC(), ours.binarySummary().areaUnderROC(), 1.01 * pair);
    double[] history = ours.summary().objectiveHistory();
    assertEquals(history.length - 1, ours.summary().totalIterations());
    for (int k = 1; k < history.length; k++) {
      assertTrue(history[k] <= history[k - 1], "step " + k + " goes up");
    }
  }

  @Test
  void maxIterIsALimit() {
    assertEquals(
        2, new LogisticRegression().setMaxIter(2).setTol(0).fit(ROWS).summary().totalIterations());
    assertEquals(0, new LogisticRegression().setMaxIter(0).fit(ROWS).summary().totalIterations());
  }

  @Test
  void anEstimatorAndItsPipelineAreReadBackByTheirNames() throws IOException {
    LogisticRegression saved =
        new LogisticRegression("mine").setRegParam(0.2).setThreshold(0.3).setMaxIter(7);
    String path = directory.resolve("estimator").toString();
    saved.save(path);
    assertThrows(IOException.class, () -> saved.save(path));
    saved.write().overwrite().save(path);
    LogisticRegression read = LogisticRegression.load(path);
    assertEquals("mine", read.uid());
    assertEquals(saved.explainParams(), read.explainParams());

    String pipelines = directory.resolve("pipeline").toString();
    new Pipeline().setStages(new PipelineStage[] {saved}).save(pipelines);
    assertInstanceOf(LogisticRegression.class, Pipeline.load(pipelines).getStages()[0]);
  }

  /** All parameters that were set, and the class itself. */
  @Test
  void theOtherEstimatorsAreReadBackByTheirNamesToo() throws IOException {
    GeneralizedLinearRegression glm =
        new GeneralizedLinearRegression("glm").setFamily("tweedie").setVariancePower(1.5);
    MultilayerPerceptronClassifier mlp =
        new MultilayerPerceptronClassifier("mlp")
            .setLayers(new int[] {6, 3, 2})
            .setInitialWeights(Vectors.dense(1, 2))
            .setSeed(4);
    LinearSVC svc = new LinearSVC("svc").setThreshold(0.6).setStandardization(false);
    String path = directory.resolve("others").toString();
    new Pipeline().setStages(new PipelineStage[] {glm, mlp, svc}).save(path);
    PipelineStage[] read = Pipeline.load(path).getStages();
    assertInstanceOf(GeneralizedLinearRegression.class, read[0]);
    assertInstanceOf(MultilayerPerceptronClassifier.class, read[1]);
    assertEquals(glm.explainParams(), read[0].explainParams());
    assertEquals(explained(mlp), explained(read[1]));
    assertInstanceOf(LinearSVC.class, read[2]);
    assertEquals(svc.explainParams(), read[2].explainParams());
    svc.save(directory.resolve("svc").toString());
    assertEquals(0.6, LinearSVC.load(directory.resolve("svc").toString()).getThreshold());
    glm.save(directory.resolve("glm").toString());
    assertEquals(
        1.5,
        GeneralizedLinearRegression.load(directory.resolve("glm").toString()).getVariancePower());
    mlp.save(directory.resolve("mlp").toString());
    assertArrayEquals(
        mlp.getLayers(),
        MultilayerPerceptronClassifier.load(directory.resolve("mlp").toString()).getLayers());
  }

  /** Of an array the text has its hash. */
  static String explained(Params params) {
    return params.explainParams().replaceAll("\\[I@[0-9a-f]+", "");
  }

  @Test
  void fittedModelsOfThePipelineAreReadBackByStockSpark() throws IOException {
    PipelineModel fitted =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new GeneralizedLinearRegression().setPredictionCol("linear").setRegParam(1),
                  new LinearSVC().setPredictionCol("side").setRawPredictionCol("").setMaxIter(3),
                  new MultilayerPerceptronClassifier()
                      .setLayers(new int[] {6, 2})
                      .setMaxIter(3)
                      .setSeed(1)
                })
            .fit(ROWS);
    String path = directory.resolve("models").toString();
    fitted.save(path);
    assertEquals(chosen(fitted.transform(ROWS)), chosen(PipelineModel.load(path).transform(ROWS)));
  }

  private static List<Row> chosen(Dataset<Row> predicted) {
    return predicted.select("linear", "side", "probability").collectAsList();
  }

  @Test
  void aFittedPipelineIsReadBackAndPredictsTheSame() throws IOException {
    PipelineModel fitted =
        new Pipeline()
            .setStages(new PipelineStage[] {new LogisticRegression().setRegParam(0.1)})
            .fit(ROWS);
    String path = directory.resolve("fitted").toString();
    fitted.save(path);
    assertEquals(
        fitted.transform(ROWS).select("probability").collectAsList(),
        PipelineModel.load(path).transform(ROWS).select("probability").collectAsList());
  }

  @Test
  void aCopyHasItsOwnParameters() {
    LogisticRegression estimator = new LogisticRegression().setRegParam(0.1);
    LogisticRegression copy = estimator.copy(new ParamMap().put(estimator.regParam().w(0.5)));
    assertEquals(0.5, copy.getRegParam());
    assertEquals(0.1, estimator.getRegParam());
    assertEquals(estimator.uid(), copy.uid());
  }

  @Test
  void crossValidationInThreadsChoosesAsItDoesWithSpark() {
    assertArrayEquals(
        crossValidated(new org.apache.spark.ml.classification.LogisticRegression("same")),
        crossValidated(new LogisticRegression("same")),
        1e-9);
  }

  private static double[] crossValidated(
      org.apache.spark.ml.classification.LogisticRegression estimator) {
    CrossValidatorModel model =
        new CrossValidator()
            .setEstimator(estimator)
            .setEvaluator(new BinaryClassificationEvaluator())
            .setEstimatorParamMaps(
                new ParamGridBuilder()
                    .addGrid(estimator.regParam(), new double[] {0.01, 1})
                    .build())
            .setNumFolds(2)
            .setSeed(3)
            .setParallelism(2)
            .fit(ROWS);
    return model.avgMetrics();
  }

  @Test
  void anInitialModelIsWhereTrainingStarts() {
    LogisticRegressionModel first = new LogisticRegression().setRegParam(0.1).fit(ROWS);
    LogisticRegressionModel again =
        new LogisticRegression().setRegParam(0.1).setInitialModel(first).fit(ROWS);
    assertEquals(0, again.summary().totalIterations());
  }

  /** Errors, one by one, are compared by type and message with those of Spark's own class. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "text label",
        "no such column",
        "NaN feature",
        "null features",
        "negative weight",
        "label that is no class",
        "three classes as binomial",
        "bounds of another shape",
        "thresholds of another number",
        "no rows",
        "l1 beside bounds",
        "lower bounds above upper ones",
        "bounds on more intercepts",
        "bounds on an intercept that is none",
        "infinite feature",
        "NaN label",
        "NaN weight",
        "null weight",
        "fewer classes in the metadata",
        "threshold and other thresholds"
      })
  void errorsAreThoseOfSpark(String what) {
    assertRefusedAlike(
        () -> fit(what, new LogisticRegression("same")),
        () -> fit(what, new org.apache.spark.ml.classification.LogisticRegression("same")));
  }

  /** Both throw, exceptions of the same class and with the same message. */
  static void assertRefusedAlike(Executable ours, Executable theirs) {
    Throwable own = assertThrows(Exception.class, ours);
    Throwable stock = assertThrows(Exception.class, theirs);
    assertEquals(stock.getClass(), own.getClass());
    assertEquals(steady(stock), steady(own));
  }

  /** Without what differs from job to job. */
  static String steady(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    return message.lines().findFirst().orElse("").replaceAll("\\d+", "#");
  }

  private static void fit(
      String what, org.apache.spark.ml.classification.LogisticRegression estimator) {
    Dataset<Row> rows = wrong(what);
    switch (what) {
      case "no such column" -> estimator.setFeaturesCol("nowhere");
      case "negative weight" -> estimator.setWeightCol("weight");
      case "three classes as binomial" -> estimator.setFamily("binomial");
      case "bounds of another shape" ->
          estimator.setLowerBoundsOnCoefficients(Matrices.dense(1, 2, new double[2]));
      case "thresholds of another number" -> estimator.setThresholds(new double[] {1, 1, 1});
      case "l1 beside bounds" ->
          estimator
              .setRegParam(1)
              .setElasticNetParam(1)
              .setLowerBoundsOnIntercepts(Vectors.dense(0));
      case "lower bounds above upper ones" ->
          estimator
              .setLowerBoundsOnCoefficients(Matrices.dense(1, 6, new double[] {0, 0, 0, 1, 0, 0}))
              .setUpperBoundsOnCoefficients(Matrices.dense(1, 6, new double[6]));
      case "bounds on more intercepts" -> estimator.setUpperBoundsOnIntercepts(Vectors.dense(1, 2));
      case "bounds on an intercept that is none" ->
          estimator.setFitIntercept(false).setLowerBoundsOnIntercepts(Vectors.dense(0));
      case "NaN weight", "null weight" -> estimator.setWeightCol("weight");
      case "threshold and other thresholds" -> {
        estimator.set(estimator.threshold(), 0.2);
        estimator.set(estimator.thresholds(), new double[] {0.5, 0.5});
      }
      default -> assertNotEquals(ROWS, rows, what);
    }
    estimator.fit(rows);
  }

  /** The rows that make an error, where it is of rows. */
  static Dataset<Row> wrong(String what) {
    return switch (what) {
      case "text label" -> ROWS.withColumn("label", lit("yes"));
      case "NaN feature" -> withFeature(Vectors.dense(0, Double.NaN, 0, 0, 0, 0));
      case "null features" ->
          ROWS.withColumn("features", when(col("label").equalTo(0), col("features")));
      case "infinite feature" ->
          withFeature(Vectors.dense(0, 0, Double.NEGATIVE_INFINITY, 0, 0, 0));
      case "NaN label" -> ROWS.withColumn("label", lit(Double.NaN));
      case "negative weight" -> ROWS.withColumn("weight", lit(-1.0));
      case "NaN weight" -> ROWS.withColumn("weight", lit(Double.NaN));
      case "null weight" -> ROWS.withColumn("weight", when(col("label").equalTo(0), 1.0));
      case "fewer classes in the metadata" ->
          ROWS.withColumn(
              "label",
              col("label")
                  .plus(col("label"))
                  .as("label", NominalAttribute.defaultAttr().withNumValues(2).toMetadata()));
      case "label that is no class" -> ROWS.withColumn("label", lit(0.5));
      case "three classes as binomial" -> ROWS.withColumn("label", col("label").plus(col("label")));
      case "no rows" -> ROWS.where("label > 5");
      default -> ROWS;
    };
  }

  private static Dataset<Row> withFeature(org.apache.spark.ml.linalg.Vector features) {
    return ROWS.union(
        LocalSpark.session()
            .createDataFrame(List.of(RowFactory.create(0.0, 1.0, features)), SmallData.SCHEMA));
  }

  @Test
  void whatTalwegCannotTrainSparkTrains() {
    Dataset<Row> constant = ROWS.withColumn("label", lit(1.0));
    assertEquals(Double.POSITIVE_INFINITY, new LogisticRegression().fit(constant).intercept());
    Dataset<Row> beyondFloats = withFeature(Vectors.dense(0, 1e39, 0, 0, 0, 0));
    assertTrue(new LogisticRegression().setRegParam(0.1).fit(beyondFloats).hasSummary());
  }

  @Test
  void rowsOfWeightZeroDoNotCount() {
    UnaryOperator<LogisticRegression> weighted = lr -> lr.setRegParam(0.1).setWeightCol("w");
    Dataset<Row> some =
        ROWS.withColumn("w", when(col("weight").gt(2), lit(1.0)).otherwise(lit(0.0)));
    LogisticRegressionModel all = weighted.apply(new LogisticRegression()).fit(some);
    LogisticRegressionModel fewer =
        weighted.apply(new LogisticRegression()).fit(some.where("w > 0"));
    assertArrayEquals(fewer.coefficients().toArray(), all.coefficients().toArray());
  }

  @Test
  void theNumberOfClassesIsWhatTheMetadataSays() {
    Dataset<Row> three =
        ROWS.withColumn(
            "label",
            col("label").as("label", NominalAttribute.defaultAttr().withNumValues(3).toMetadata()));
    LogisticRegressionModel model = new LogisticRegression().setRegParam(0.1).fit(three);
    assertEquals(3, model.numClasses());
    assertEquals(3, model.coefficientMatrix().numRows());
  }

  @Test
  void nothingStaysCached() {
    int before = LocalSpark.session().sparkContext().getPersistentRDDs().size();
    new LogisticRegression().setRegParam(0.1).fit(ROWS);
    assertEquals(before, LocalSpark.session().sparkContext().getPersistentRDDs().size());
  }

  /** As Spark Connect looks estimators up, by class name. */
  @Test
  void sparkConnectFindsTheEstimators() {
    Set<String> found = new TreeSet<>();
    ServiceLoader.load(Estimator.class).stream()
        .map(ServiceLoader.Provider::type)
        .map(Class::getName)
        .filter(name -> name.startsWith("dev.talweg"))
        .forEach(found::add);
    assertFalse(found.isEmpty());
    assertEquals(
        Set.of(
            LogisticRegression.class.getName(),
            LinearRegression.class.getName(),
            GeneralizedLinearRegression.class.getName(),
            LinearSVC.class.getName(),
            MultilayerPerceptronClassifier.class.getName()),
        found);
  }
}
