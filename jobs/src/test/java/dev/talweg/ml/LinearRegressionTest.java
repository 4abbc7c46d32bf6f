package dev.talweg.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
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

  /** The part of an objective that both leave with {@link #exact}. */
  private static final double NEAR = 1e-10;

  /** The part that ours is above the least value, at most: what a tol of 1e-12 asks for. */
  private static final double GAP = 1e-12;

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

  /**
   * With a {@code tol} that ends neither early, the objectives of both are nearly the least one,
   * and that fixes the solution.
   *
   * <p>The objective is a convex function plus ½ the mean square of predictions, so a point that is
   * g above the least value predicts at most √(2g) from the optimum, as the root of the mean square
   * over rows. Two points that are g and h above it are √(2g) + √(2h) ≤ 2√(g + h) apart.
   * Predictions that differ by that much have coefficients, in deviations of their features, that
   * differ by √(1/ρ) times it, where ρ is the least eigenvalue of the features' correlations; and
   * the intercept makes up for the means.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theSolutionIsThatOfSpark(Case each) {
    LinearRegressionModel ours = each.fit(exact(new dev.talweg.ml.regression.LinearRegression()));
    LinearRegressionModel theirs = each.fit(exact(new LinearRegression()));
    NeutralObjective objective = objective(ours);
    double value = value(objective, ours);
    assertEquals(value, value(objective, theirs), NEAR * value);
    double apart = 2 * Math.sqrt((NEAR + 2 * GAP) * value);

    SmallData data = data(ours);
    double weight = Arrays.stream(data.weights()).sum();
    double square = 0;
    for (int i = 0; i < data.labels().length; i++) {
      Vector row = Vectors.dense(data.features()[i]);
      double difference = ours.predict(row) - theirs.predict(row);
      square += data.weights()[i] / weight * difference * difference;
    }
    assertTrue(Math.sqrt(square) <= apart, Math.sqrt(square) + " of " + apart);

    Moments moments = Moments.of(data, ours.getFitIntercept());
    double least = moments.leastCorrelation();
    assertTrue(least > 0.5, "well-conditioned: " + least);
    double step = apart / Math.sqrt(least);
    double shift = apart;
    for (int j = 0; j < data.dimension(); j++) {
      double difference = ours.coefficients().apply(j) - theirs.coefficients().apply(j);
      double scale = moments.scales()[j];
      assertTrue(Math.abs(scale * difference) <= step, "feature " + j + ": " + difference);
      if (scale == 0) {
        assertEquals(0, ours.coefficients().apply(j), "constant feature " + j);
        assertEquals(0, theirs.coefficients().apply(j), "constant feature " + j);
      } else {
        shift += step * Math.abs(moments.centres()[j]) / scale;
      }
    }
    assertEquals(theirs.intercept(), ours.intercept(), shift);
  }

  private static LinearRegression exact(LinearRegression estimator) {
    return estimator.setTol(1e-12).setMaxIter(1000);
  }

  /**
   * Of the features that vary; a constant one has the scale 0.
   *
   * @param centres their means, or 0 where there is no intercept
   * @param scales root mean squares about the centres
   * @param correlations of the features about the centres
   */
  private record Moments(double[] centres, double[] scales, double[][] correlations) {
    static Moments of(SmallData data, boolean intercept) {
      int d = data.dimension();
      double[] deviations = NeutralObjective.deviations(data, false);
      double[] centres = new double[d];
      double[][] products = new double[d][d];
      for (int j = 0; j < d; j++) {
        centres[j] = intercept ? mean(data, j) : 0;
      }
      double weight = Arrays.stream(data.weights()).sum();
      for (int i = 0; i < data.labels().length; i++) {
        double[] x = data.features()[i];
        for (int j = 0; j < d; j++) {
          for (int k = 0; k < d; k++) {
            products[j][k] +=
                data.weights()[i] / weight * (x[j] - centres[j]) * (x[k] - centres[k]);
          }
        }
      }
      double[] scales = new double[d];
      for (int j = 0; j < d; j++) {
        scales[j] = deviations[j] > 0 ? Math.sqrt(products[j][j]) : 0;
      }
      for (int j = 0; j < d; j++) {
        for (int k = 0; k < d; k++) {
          boolean vary = scales[j] > 0 && scales[k] > 0;
          products[j][k] = vary ? products[j][k] / (scales[j] * scales[k]) : 0;
        }
      }
      return new Moments(centres, scales, products);
    }

    private static double mean(SmallData data, int j) {
      double sum = 0;
      double weight = 0;
      for (int i = 0; i < data.labels().length; i++) {
        sum += data.weights()[i] * data.features()[i][j];
        weight += data.weights()[i];
      }
      return sum / weight;
    }

    /** No eigenvalue of the correlations is less, by Gershgorin. */
    double leastCorrelation() {
      double least = 1;
      for (int j = 0; j < scales.length; j++) {
        double others = -correlations[j][j];
        for (double each : correlations[j]) {
          others += Math.abs(each);
        }
        least = Math.min(least, 1 - others);
      }
      return least;
    }
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
    SparkMlTest.assertRefusedAlike(
        () -> fit(what, new dev.talweg.ml.regression.LinearRegression("same")),
        () -> fit(what, new LinearRegression("same")));
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

  private static dev.talweg.ml.regression.LinearRegression ours() {
    return new dev.talweg.ml.regression.LinearRegression("same");
  }

  /** What the suite of {@code spark.ml} has beside {@link #cases}. */
  static Stream<Case> casesOfTheSuite() {
    return Stream.of(
        new Case("no penalty, iterative", lr -> lr.setSolver("l-bfgs").setTol(1e-9)),
        new Case("no penalty, raw scale", lr -> lr.setStandardization(false)),
        new Case("no penalty, no intercept", lr -> lr.setFitIntercept(false)),
        new Case(
            "lasso, no intercept",
            lr -> lr.setRegParam(0.3).setElasticNetParam(1).setFitIntercept(false)),
        new Case(
            "ridge, no intercept, raw scale, iterative",
            lr ->
                lr.setRegParam(0.3)
                    .setFitIntercept(false)
                    .setStandardization(false)
                    .setSolver("l-bfgs")),
        new Case(
            "elastic net, no intercept, raw scale",
            lr ->
                lr.setRegParam(0.3)
                    .setElasticNetParam(0.5)
                    .setFitIntercept(false)
                    .setStandardization(false)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("casesOfTheSuite")
  void isNeverWorseInTheCasesOfTheSuite(Case each) {
    isNeverWorseThanSparks(each);
    LinearRegressionModel model = each.fit(ours());
    assertTrue(model.getFitIntercept() || model.intercept() == 0, "an intercept");
    double[] history = model.summary().objectiveHistory();
    for (int k = 1; k < history.length; k++) {
      assertTrue(history[k] <= history[k - 1], "step " + k + " goes up");
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3})
  void standardErrorsWithoutAnInterceptAreThoseOfTheNormalEquations(double ridge) {
    Dataset<Row> varying = VaryingFeatures.of(ROWS);
    LinearRegressionTrainingSummary own =
        ours()
            .setRegParam(ridge)
            .setFitIntercept(false)
            .setWeightCol("weight")
            .fit(varying)
            .summary();
    LinearRegressionTrainingSummary stock =
        new LinearRegression()
            .setRegParam(ridge)
            .setFitIntercept(false)
            .setWeightCol("weight")
            .fit(varying)
            .summary();
    assertEquals(4, own.coefficientStandardErrors().length);
    // of residuals whose sum of squares is within 1e-7 of the least one
    for (int j = 0; j < 4; j++) {
      near(stock.coefficientStandardErrors()[j], own.coefficientStandardErrors()[j], 1e-6);
      near(stock.tValues()[j], own.tValues()[j], 1e-3);
      assertEquals(stock.pValues()[j], own.pValues()[j], 1e-3);
    }
    near(stock.devianceResiduals()[0], own.devianceResiduals()[0], 1e-3);
    near(stock.devianceResiduals()[1], own.devianceResiduals()[1], 1e-3);
  }

  private static void near(double expected, double actual, double share) {
    assertEquals(expected, actual, share * Math.abs(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "l-bfgs"})
  void constantFeaturesHaveTheWeightZeroAndNoStandardErrors(String solver) {
    for (LinearRegression each : List.of(ours(), new LinearRegression())) {
      LinearRegressionModel model = each.setSolver(solver).fit(ROWS);
      assertThrows(
          UnsupportedOperationException.class, () -> model.summary().coefficientStandardErrors());
      assertEquals(0, model.coefficients().apply(4));
      assertEquals(0, model.coefficients().apply(5));
    }
  }

  @Test
  void aSummaryNeedsNoPredictionColumn() {
    LinearRegressionModel model = ours().setPredictionCol("").fit(ROWS);
    Dataset<Row> predictions = model.summary().predictions();
    assertEquals(
        1,
        Arrays.stream(predictions.columns())
            .filter(name -> name.startsWith("prediction_"))
            .count());
    List<Row> residuals = model.summary().residuals().collectAsList();
    List<Row> rows = ROWS.collectAsList();
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(
          rows.get(i).<Double>getAs("label") - model.predict(rows.get(i).getAs("features")),
          residuals.get(i).getDouble(0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void maxIterIsALimit(int steps) {
    LinearRegression lr = ours().setSolver("l-bfgs").setRegParam(0.3).setTol(0).setMaxIter(steps);
    assertTrue(lr.fit(ROWS).summary().totalIterations() <= steps);
    assertTrue(lr.setElasticNetParam(1).fit(ROWS).summary().totalIterations() <= steps);
  }

  /** Deviations of the population are those of as many rows. */
  @Test
  void aWeightIsThatManyRows() {
    Dataset<Row> times = ROWS.withColumn("times", floor(col("weight")).plus(1));
    LinearRegressionModel weighted = ours().setRegParam(0.3).setWeightCol("times").fit(times);
    LinearRegressionModel repeated =
        ours()
            .setRegParam(0.3)
            .fit(times.withColumn("copy", explode(sequence(lit(1), col("times")))));
    // one Newton step each, from the same sums in another order
    for (int j = 0; j < 4; j++) {
      near(repeated.coefficients().apply(j), weighted.coefficients().apply(j), 1e-6);
    }
    near(repeated.intercept(), weighted.intercept(), 1e-6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null label",
        "infinite label",
        "infinite feature",
        "infinite weight",
        "NaN weight",
        "null weight"
      })
  void valuesThatCannotBeAreRefusedAsBySpark(String what) {
    SparkMlTest.assertRefusedAlike(
        () -> fitTo(what, ours()), () -> fitTo(what, new LinearRegression("same")));
  }

  private static void fitTo(String what, LinearRegression lr) {
    Dataset<Row> rows = SparkMlTest.wrong(what);
    if (what.endsWith("weight")) {
      lr.setWeightCol("weight");
    }
    lr.fit(
        switch (what) {
          case "null label" -> rows.withColumn("label", lit(null).cast("double"));
          case "infinite label" -> rows.withColumn("label", lit(Double.POSITIVE_INFINITY));
          case "infinite weight" -> rows.withColumn("weight", lit(Double.POSITIVE_INFINITY));
          default -> rows;
        });
  }
}
