package dev.talweg.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.BinaryLogisticRegressionTrainingSummary;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Matrices;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both are trained on the same rows; a neutral function says whose objective is lower. */
class LogisticRegressionTest {
  private static final SmallData BINARY = SmallData.binary(300);
  private static final SmallData CLASSES = SmallData.classes(300);

  private static final SmallData FAR = far(BINARY);
  private static final SmallData FAR_CLASSES = far(CLASSES);

  private static final Dataset<Row> BINARY_ROWS = BINARY.frame().cache();
  private static final Dataset<Row> CLASS_ROWS = CLASSES.frame().cache();

  /** Parameters that both are given. */
  record Case(String name, SmallData data, Consumer<LogisticRegression> parameters) {
    @Override
    public String toString() {
      return name;
    }

    Dataset<Row> rows() {
      if (data.equals(BINARY)) {
        return BINARY_ROWS;
      }
      return data.equals(CLASSES) ? CLASS_ROWS : data.frame();
    }

    LogisticRegression with(LogisticRegression estimator) {
      parameters.accept(estimator);
      return estimator;
    }
  }

  static Stream<Case> cases() {
    return Stream.concat(plain(), ofTheSuite());
  }

  private static Stream<Case> plain() {
    return Stream.concat(
        Stream.of(
            binary("no penalty", lr -> {}),
            binary("ridge", lr -> lr.setRegParam(0.05)),
            binary("lasso", lr -> lr.setRegParam(0.02).setElasticNetParam(1)),
            binary(
                "elastic net, raw scale",
                lr -> lr.setRegParam(0.02).setElasticNetParam(0.4).setStandardization(false)),
            binary("weights", lr -> lr.setRegParam(0.05).setWeightCol("weight")),
            binary("no intercept", lr -> lr.setRegParam(0.05).setFitIntercept(false)),
            binary(
                "no intercept, lasso",
                lr -> lr.setRegParam(0.02).setElasticNetParam(1).setFitIntercept(false)),
            binary(
                "bounds",
                lr ->
                    lr.setLowerBoundsOnCoefficients(matrix(1, 0))
                        .setUpperBoundsOnCoefficients(matrix(1, 1))),
            binary(
                "bounds on the intercept",
                lr ->
                    lr.setRegParam(0.01)
                        .setLowerBoundsOnIntercepts(Vectors.dense(1))
                        .setUpperBoundsOnIntercepts(Vectors.dense(2))),
            binary(
                "upper bounds alone, weights",
                lr ->
                    lr.setRegParam(0.01)
                        .setWeightCol("weight")
                        .setUpperBoundsOnCoefficients(matrix(1, 0.2))),
            binary("two classes as softmax", lr -> lr.setRegParam(0.05).setFamily("multinomial"))),
        Stream.of(
            classes("classes, no penalty", lr -> {}),
            classes(
                "classes, ridge, raw scale, weights",
                lr -> lr.setRegParam(0.05).setStandardization(false).setWeightCol("weight")),
            classes(
                "classes, elastic net, raw scale",
                lr -> lr.setRegParam(0.02).setElasticNetParam(0.5).setStandardization(false)),
            classes("classes, no intercept", lr -> lr.setRegParam(0.05).setFitIntercept(false)),
            classes(
                "classes, lasso, no intercept, weights",
                lr ->
                    lr.setRegParam(0.02)
                        .setElasticNetParam(1)
                        .setFitIntercept(false)
                        .setWeightCol("weight")),
            classes(
                "classes, bounds on intercepts",
                lr ->
                    lr.setRegParam(0.01)
                        .setLowerBoundsOnIntercepts(Vectors.dense(-1, 0, 0, 0.5))
                        .setUpperBoundsOnIntercepts(Vectors.dense(1, 1, 1, 1))),
            classes(
                "classes, bounds",
                lr -> lr.setRegParam(0.01).setLowerBoundsOnCoefficients(matrix(4, -0.5)))));
  }

  /** What the suite of {@code spark.ml} has beside these. */
  private static Stream<Case> ofTheSuite() {
    return Stream.of(
        binary("no penalty, no intercept", lr -> lr.setFitIntercept(false)),
        binary(
            "elastic net, no intercept, raw scale",
            lr ->
                lr.setRegParam(0.02)
                    .setElasticNetParam(0.4)
                    .setFitIntercept(false)
                    .setStandardization(false)),
        binary(
            "sparse bounds, no intercept, raw scale",
            lr ->
                lr.setRegParam(0.05)
                    .setFitIntercept(false)
                    .setStandardization(false)
                    .setUpperBoundsOnCoefficients(matrix(1, 0).toSparse())),
        binary(
            "bounds that are infinite",
            lr ->
                lr.setRegParam(0.01)
                    .setLowerBoundsOnCoefficients(infinite(1, -1))
                    .setUpperBoundsOnCoefficients(infinite(1, 1))
                    .setLowerBoundsOnIntercepts(Vectors.dense(Double.NEGATIVE_INFINITY))),
        classes(
            "classes, bounds, no intercept",
            lr ->
                lr.setRegParam(0.01)
                    .setFitIntercept(false)
                    .setLowerBoundsOnCoefficients(matrix(4, -0.5))),
        classes(
            "classes, bounds that are infinite",
            lr ->
                lr.setRegParam(0.01)
                    .setLowerBoundsOnCoefficients(infinite(4, -1))
                    .setUpperBoundsOnCoefficients(infinite(4, 1))),
        new Case("a mean of 300 deviations", FAR, lr -> lr.setTol(1e-9)),
        new Case(
            "a mean of 300 deviations, elastic net",
            FAR,
            lr -> lr.setRegParam(0.5).setElasticNetParam(1e-4).setWeightCol("weight")),
        new Case("classes, a mean of 300 deviations", FAR_CLASSES, lr -> lr.setTol(1e-9)));
  }

  /** With a feature of mean 10 and deviation 0.03. */
  private static SmallData far(SmallData data) {
    double[][] features = new double[data.labels().length][];
    for (int i = 0; i < features.length; i++) {
      features[i] = data.features()[i].clone();
      features[i][1] = (float) (10 + 1e-3 * (features[i][1] - 40));
    }
    return new SmallData(features, data.labels(), data.weights());
  }

  private static Case binary(String name, Consumer<LogisticRegression> parameters) {
    return new Case(name, BINARY, parameters);
  }

  private static Case classes(String name, Consumer<LogisticRegression> parameters) {
    return new Case(name, CLASSES, parameters);
  }

  private static Matrix matrix(int rows, double value) {
    double[] values = new double[rows * BINARY.dimension()];
    Arrays.fill(values, value);
    return Matrices.dense(rows, BINARY.dimension(), values);
  }

  /** Where a feature varies; times the deviation 0 of a constant one Spark has NaN for a bound. */
  private static Matrix infinite(int rows, double sign) {
    double[] values = matrix(rows, sign * Double.POSITIVE_INFINITY).toArray().clone();
    Arrays.fill(values, 4 * rows, values.length, sign);
    return Matrices.dense(rows, BINARY.dimension(), values);
  }

  @Test
  void anInfiniteBoundOnAConstantFeatureIsNone() {
    Consumer<LogisticRegression> bounds =
        lr ->
            lr.setRegParam(0.05).setUpperBoundsOnCoefficients(matrix(1, Double.POSITIVE_INFINITY));
    LogisticRegression stock = new LogisticRegression();
    bounds.accept(stock);
    assertThrows(IllegalArgumentException.class, () -> stock.fit(BINARY_ROWS));
    LogisticRegression own = ours();
    bounds.accept(own);
    assertArrayEquals(
        predictions(ours().setRegParam(0.05).fit(BINARY_ROWS), BINARY_ROWS),
        predictions(own.fit(BINARY_ROWS), BINARY_ROWS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isNeverWorseThanSparks(Case each) {
    Dataset<Row> rows = each.rows();
    LogisticRegressionModel ours =
        each.with(new dev.talweg.ml.classification.LogisticRegression()).fit(rows);
    LogisticRegressionModel theirs = each.with(new LogisticRegression()).fit(rows);
    NeutralObjective objective = objective(each, ours);
    double value = value(objective, ours);
    double stock = value(objective, theirs);
    // 1e-6 is what docs/spark-ml.md promises
    assertTrue(value <= stock * (1 + 1e-6), value + " is above Spark's " + stock);
    assertTrue(stock <= value * (1 + 1e-6), value + " is below Spark's optimum " + stock);
    // the history is of the same objective: features that floats hold leave only rounding
    double[] history = ours.summary().objectiveHistory();
    assertEquals(value, history[history.length - 1], 1e-9 * value);
    for (int k = 1; k < history.length; k++) {
      assertTrue(history[k] <= history[k - 1], "step " + k + " goes up");
    }
    assertNear(objective, ours, theirs, Math.abs(stock - value) + 2e-7 * value);
    assertArrayEquals(predictions(ours, rows), predictions(theirs, rows));
  }

  /**
   * f(w) − f* ≥ ½ λ(1 − α) Σ s_j² (w_j − w*_j)² of a strongly convex f, so two points whose values
   * add up to no more than {@code apart} above 2 f* are √(4 apart/λ(1 − α)) apart at most.
   */
  private static void assertNear(
      NeutralObjective objective,
      LogisticRegressionModel ours,
      LogisticRegressionModel theirs,
      double apart) {
    if (objective.l2() == 0) {
      return;
    }
    int margins = ours.coefficientMatrix().numRows();
    double tolerance = Math.sqrt(4 * apart / objective.l2());
    for (int j = 0; j < objective.scales().length; j++) {
      for (int k = 0; k < margins; k++) {
        double scaled =
            objective.scales()[j]
                * (ours.coefficientMatrix().apply(k, j) - theirs.coefficientMatrix().apply(k, j));
        assertTrue(Math.abs(scaled) <= tolerance, "feature " + j + ": " + scaled);
      }
    }
  }

  private static double[] predictions(LogisticRegressionModel model, Dataset<Row> rows) {
    return model.transform(rows).select("prediction").collectAsList().stream()
        .mapToDouble(row -> row.getDouble(0))
        .toArray();
  }

  static double value(NeutralObjective objective, LogisticRegressionModel model) {
    Matrix matrix = model.coefficientMatrix();
    double[][] weights = new double[matrix.numRows()][matrix.numCols()];
    for (int k = 0; k < weights.length; k++) {
      for (int j = 0; j < weights[k].length; j++) {
        weights[k][j] = matrix.apply(k, j);
      }
    }
    return objective.value(weights, model.interceptVector().toArray());
  }

  private static NeutralObjective objective(Case each, LogisticRegressionModel model) {
    boolean weighted = model.isSet(model.weightCol());
    SmallData data = weighted ? each.data() : each.data().unweighted();
    double[] scales = NeutralObjective.deviations(data, true);
    if (!model.getStandardization()) {
      Arrays.fill(scales, 1);
    }
    return new NeutralObjective(
        data,
        model.coefficientMatrix().numRows() > 1
            ? NeutralObjective.SOFTMAX
            : NeutralObjective.LOGISTIC,
        model.getRegParam() * model.getElasticNetParam(),
        model.getRegParam() * (1 - model.getElasticNetParam()),
        scales);
  }

  private static dev.talweg.ml.classification.LogisticRegression ours() {
    return new dev.talweg.ml.classification.LogisticRegression("same");
  }

  @Test
  void withoutAnInterceptThereIsNone() {
    LogisticRegressionModel two = ours().setFitIntercept(false).fit(BINARY_ROWS);
    assertEquals(0.0, two.intercept());
    LogisticRegressionModel four = ours().setFitIntercept(false).fit(CLASS_ROWS);
    assertInstanceOf(SparseVector.class, four.interceptVector());
    assertArrayEquals(new double[4], four.interceptVector().toArray());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.02})
  void classesAreCentred(double l1) {
    LogisticRegressionModel model =
        ours().setRegParam(l1).setElasticNetParam(1).setWeightCol("weight").fit(CLASS_ROWS);
    // of four numbers, each rounded at its own size
    assertEquals(0, sum(model.interceptVector().toArray()), 1e-14 * 100);
    for (int j = 0; j < BINARY.dimension(); j++) {
      double[] weights = new double[4];
      for (int k = 0; k < 4; k++) {
        weights[k] = model.coefficientMatrix().apply(k, j);
      }
      if (l1 == 0) {
        assertEquals(0, sum(weights), 1e-14 * 100, "feature " + j);
      }
      if (j >= 4) { // constant: the intercept's
        assertArrayEquals(new double[4], weights, "feature " + j);
      }
    }
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  @Test
  void aStrongLassoOfClassesLeavesTheirShares() {
    LogisticRegressionModel model =
        ours().setRegParam(6).setElasticNetParam(1).setWeightCol("weight").fit(CLASS_ROWS);
    assertEquals(0, model.coefficientMatrix().numNonzeros());
    double[] shares = new double[4];
    for (int i = 0; i < CLASSES.labels().length; i++) {
      shares[(int) CLASSES.labels()[i]] += CLASSES.weights()[i];
    }
    double[] logs = Arrays.stream(shares).map(Math::log).toArray();
    double mean = sum(logs) / 4;
    // OWL-QN ends at changes of 1e-9, and the curvature of a share p is p(1 − p): √(2e-9/0.1)
    assertArrayEquals(
        Arrays.stream(logs).map(each -> each - mean).toArray(),
        model.interceptVector().toArray(),
        2e-4);
  }

  /** By rows, by columns or dense, whichever is smallest; 9 classes are more than the features. */
  @ParameterizedTest
  @ValueSource(ints = {4, 9})
  void coefficientsAreStoredAsSparksAre(int classes) {
    Dataset<Row> rows =
        CLASS_ROWS.withColumn(
            "label",
            col("label")
                .as("label", NominalAttribute.defaultAttr().withNumValues(classes).toMetadata()));
    for (double l1 : new double[] {0, 1}) {
      Matrix own = penalized(ours(), l1).fit(rows).coefficientMatrix();
      Matrix stock = penalized(new LogisticRegression(), l1).fit(rows).coefficientMatrix();
      assertEquals(stock.getClass(), own.getClass());
      assertEquals(stock.isTransposed(), own.isTransposed());
      assertEquals(stock.numNonzeros(), own.numNonzeros());
    }
  }

  private static LogisticRegression penalized(LogisticRegression lr, double l1) {
    return lr.setRegParam(0.1).setElasticNetParam(l1);
  }

  @Test
  void anInitialModelOfClassesIsWhereTrainingStarts() {
    LogisticRegressionModel first = ours().setRegParam(0.05).fit(CLASS_ROWS);
    LogisticRegressionModel again = ours().setRegParam(0.05).setInitialModel(first).fit(CLASS_ROWS);
    assertEquals(0, again.summary().totalIterations());
    assertArrayEquals(predictions(first, CLASS_ROWS), predictions(again, CLASS_ROWS));
  }

  @Test
  void aSummaryIsBinaryWhereThereAreTwoClasses() {
    LogisticRegressionModel two =
        ours().setFamily("multinomial").setMaxIter(1).setWeightCol("weight").fit(BINARY_ROWS);
    assertInstanceOf(BinaryLogisticRegressionTrainingSummary.class, two.summary());
    assertEquals(1, two.binarySummary().totalIterations());
    LogisticRegressionModel four =
        ours().setMaxIter(1).setPredictionCol("").setProbabilityCol("").fit(CLASS_ROWS);
    assertThrows(RuntimeException.class, four::binarySummary);
    for (String added : new String[] {"prediction_", "probability_"}) {
      assertEquals(
          1,
          Arrays.stream(four.summary().predictions().columns())
              .filter(name -> name.startsWith(added))
              .count(),
          added);
    }
  }

  /**
   * Without {@code standardization}, since a sample's deviation is another one of more rows. Each
   * is within a gap of 1e-12 of f ≤ log 2, so both are 2 √(2 · 1e-12 f/λ) = 1.1e-5 apart at most.
   */
  @Test
  void aWeightIsThatManyRows() {
    Dataset<Row> times = BINARY_ROWS.withColumn("times", floor(col("weight")).plus(1));
    LogisticRegressionModel weighted =
        ours()
            .setRegParam(0.05)
            .setStandardization(false)
            .setTol(1e-12)
            .setWeightCol("times")
            .fit(times);
    LogisticRegressionModel repeated =
        ours()
            .setRegParam(0.05)
            .setStandardization(false)
            .setTol(1e-12)
            .fit(times.withColumn("copy", explode(sequence(lit(1), col("times")))));
    assertArrayEquals(repeated.coefficients().toArray(), weighted.coefficients().toArray(), 1.1e-5);
  }

  @Test
  void boundsAreSavedAndRead(@TempDir Path dir) throws IOException {
    LogisticRegression saved =
        ours()
            .setLowerBoundsOnCoefficients(matrix(1, 0))
            .setUpperBoundsOnCoefficients(matrix(1, 1))
            .setUpperBoundsOnIntercepts(Vectors.dense(2));
    saved.save(dir.resolve("bounds").toString());
    LogisticRegression read =
        dev.talweg.ml.classification.LogisticRegression.load(dir.resolve("bounds").toString());
    assertEquals(saved.explainParams(), read.explainParams());
    assertEquals(saved.fit(BINARY_ROWS).coefficients(), read.fit(BINARY_ROWS).coefficients());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null label",
        "negative label",
        "infinite label",
        "infinite weight",
        "l1 without a penalty beside bounds",
        "upper bounds of another shape",
        "three thresholds"
      })
  void valuesThatCannotBeAreRefusedAsBySpark(String what) {
    SparkMlTest.assertRefusedAlike(
        () -> fit(what, ours()), () -> fit(what, new LogisticRegression("same")));
  }

  private static void fit(String what, LogisticRegression lr) {
    Dataset<Row> rows = BINARY_ROWS;
    switch (what) {
      case "null label" -> rows = rows.withColumn("label", lit(null).cast("double"));
      case "negative label" -> rows = rows.withColumn("label", lit(-1.0));
      case "infinite label" -> rows = rows.withColumn("label", lit(Double.POSITIVE_INFINITY));
      case "infinite weight" -> {
        lr.setWeightCol("weight");
        rows = rows.withColumn("weight", lit(Double.POSITIVE_INFINITY));
      }
      case "l1 without a penalty beside bounds" ->
          lr.setElasticNetParam(1).setLowerBoundsOnCoefficients(matrix(1, 0));
      case "upper bounds of another shape" ->
          lr.setLowerBoundsOnCoefficients(matrix(1, 0)).setUpperBoundsOnCoefficients(matrix(2, 1));
      default -> lr.setThresholds(new double[] {0.1, 0.2, 0.3});
    }
    lr.fit(rows);
  }
}
