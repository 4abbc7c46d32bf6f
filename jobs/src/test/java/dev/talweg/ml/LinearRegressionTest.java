package dev.talweg.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionTrainingSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link LogisticRegressionTest}. */
class LinearRegressionTest {
  private static final SmallData DATA = SmallData.numbers(300);
  private static final Dataset<Row> ROWS = DATA.frame().cache();

  record Case(String name, Consumer<LinearRegression> parameters) {
    @Override
    public String toString() {
      return name;
    }

    LinearRegressionModel fit(LinearRegression estimator) {
      parameters.accept(estimator);
      return estimator.fit(ROWS);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("no penalty", lr -> {}),
        new Case("ridge", lr -> lr.setRegParam(0.3)),
        new Case("ridge, raw scale", lr -> lr.setRegParam(0.3).setStandardization(false)),
        new Case("lasso", lr -> lr.setRegParam(0.3).setElasticNetParam(1)),
        new Case(
            "elastic net, weights",
            lr -> lr.setRegParam(0.3).setElasticNetParam(0.5).setWeightCol("weight")),
        new Case("no intercept", lr -> lr.setRegParam(0.3).setFitIntercept(false)),
        new Case(
            "elastic net, raw scale, iterative",
            lr ->
                lr.setRegParam(0.3)
                    .setElasticNetParam(0.5)
                    .setStandardization(false)
                    .setSolver("l-bfgs")),
        new Case(
            "ridge, weights, iterative",
            lr -> lr.setRegParam(0.3).setWeightCol("weight").setSolver("l-bfgs")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isNeverWorseThanSparks(Case each) {
    LinearRegressionModel ours = each.fit(new dev.talweg.ml.regression.LinearRegression());
    LinearRegressionModel theirs = each.fit(new LinearRegression());
    NeutralObjective objective = objective(ours);
    double value = value(objective, ours);
    double stock = value(objective, theirs);
    assertTrue(value <= stock * (1 + 1e-6), value + " is above Spark's " + stock);
    // Spark's quasi-Newton stops by the change of a step, at 1e-6 of it: no bound of its distance
    assertTrue(stock <= value * (1 + 1e-4), value + " is of another objective than " + stock);
    double deviation = labelDeviation(ours);
    double[] history = ours.summary().objectiveHistory();
    assertEquals(value, history[history.length - 1] * deviation * deviation, 1e-9 * value);
  }

  @Test
  void standardErrorsAreThoseOfTheNormalEquations() {
    Dataset<Row> varying = VaryingFeatures.of(ROWS);
    LinearRegressionTrainingSummary ours =
        new dev.talweg.ml.regression.LinearRegression()
            .setWeightCol("weight")
            .fit(varying)
            .summary();
    LinearRegressionTrainingSummary theirs =
        new LinearRegression().setWeightCol("weight").fit(varying).summary();
    // from the same Gram matrix, but for the weights' distance of 1e-7 in the objective
    assertArrayEquals(theirs.coefficientStandardErrors(), ours.coefficientStandardErrors(), 1e-6);
    for (int j = 0; j < theirs.tValues().length; j++) {
      assertEquals(theirs.tValues()[j], ours.tValues()[j], 1e-3 * Math.abs(theirs.tValues()[j]));
    }
    assertEquals(theirs.r2(), ours.r2(), 1e-7);
  }

  @Test
  void aConstantLabelAndAHuberLossAreLeftToSpark() {
    LinearRegressionModel huber =
        new dev.talweg.ml.regression.LinearRegression().setLoss("huber").fit(ROWS);
    assertTrue(huber.scale() > 1, "a scale of " + huber.scale());
    Dataset<Row> constant = ROWS.withColumn("label", org.apache.spark.sql.functions.lit(3.0));
    LinearRegressionModel same = new dev.talweg.ml.regression.LinearRegression().fit(constant);
    assertEquals(3.0, same.intercept());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new dev.talweg.ml.regression.LinearRegression()
                .setRegParam(0.1)
                .setFitIntercept(false)
                .setSolver("l-bfgs")
                .fit(constant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text label",
        "NaN label",
        "NaN feature",
        "null features",
        "negative weight",
        "no rows",
        "no such column",
        "huber with l1",
        "huber by normal equations"
      })
  void errorsAreThoseOfSpark(String what) {
    Throwable ours =
        assertThrows(
            Exception.class,
            () -> fit(what, new dev.talweg.ml.regression.LinearRegression("same")));
    Throwable theirs = assertThrows(Exception.class, () -> fit(what, new LinearRegression("same")));
    assertEquals(theirs.getClass(), ours.getClass());
    assertEquals(SparkMlTest.steady(theirs), SparkMlTest.steady(ours));
  }

  private static void fit(String what, LinearRegression lr) {
    switch (what) {
      case "negative weight" -> lr.setWeightCol("weight");
      case "no such column" -> lr.setFeaturesCol("nowhere");
      case "huber with l1" -> lr.setLoss("huber").setRegParam(1).setElasticNetParam(0.5);
      case "huber by normal equations" -> lr.setLoss("huber").setSolver("normal");
      default -> {}
    }
    lr.fit(SparkMlTest.wrong(what));
  }

  private static double labelDeviation(LinearRegressionModel model) {
    SmallData data = data(model);
    return NeutralObjective.deviation(data.labels(), data.weights(), sample(model));
  }

  /** Spark's normal equations have deviations of the population. */
  private static boolean sample(LinearRegressionModel model) {
    return model.getSolver().equals("l-bfgs");
  }

  private static SmallData data(LinearRegressionModel model) {
    return model.isSet(model.weightCol()) ? DATA : DATA.unweighted();
  }

  private static NeutralObjective objective(LinearRegressionModel model) {
    double[] scales = NeutralObjective.deviations(data(model), sample(model));
    if (!model.getStandardization()) {
      Arrays.fill(scales, 1);
    }
    return new NeutralObjective(
        data(model),
        NeutralObjective.SQUARED,
        model.getRegParam() * model.getElasticNetParam(),
        model.getRegParam() * (1 - model.getElasticNetParam()) / labelDeviation(model),
        scales);
  }

  private static double value(NeutralObjective objective, LinearRegressionModel model) {
    return objective.value(
        new double[][] {model.coefficients().toArray()}, new double[] {model.intercept()});
  }
}
