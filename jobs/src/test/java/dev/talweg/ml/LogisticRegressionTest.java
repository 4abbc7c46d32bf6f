package dev.talweg.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Matrices;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both are trained on the same rows; a neutral function says whose objective is lower. */
class LogisticRegressionTest {
  private static final SmallData BINARY = SmallData.binary(300);
  private static final SmallData CLASSES = SmallData.classes(300);

  private static final Dataset<Row> BINARY_ROWS = BINARY.frame().cache();
  private static final Dataset<Row> CLASS_ROWS = CLASSES.frame().cache();

  /** Parameters that both are given. */
  record Case(String name, SmallData data, Consumer<LogisticRegression> parameters) {
    @Override
    public String toString() {
      return name;
    }

    Dataset<Row> rows() {
      return data.equals(BINARY) ? BINARY_ROWS : CLASS_ROWS;
    }

    LogisticRegression with(LogisticRegression estimator) {
      parameters.accept(estimator);
      return estimator;
    }
  }

  static Stream<Case> cases() {
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
}
