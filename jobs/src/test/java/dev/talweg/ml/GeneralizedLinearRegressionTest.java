package dev.talweg.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.ml.engine.LinkedFamily;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionTrainingSummary;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link LogisticRegressionTest}; deviances are computed by Spark for both. */
class GeneralizedLinearRegressionTest {
  private static final int N = 200;
  private static final Dataset<Row> NUMBERS = varying(SmallData.numbers(N));
  private static final Dataset<Row> SHARES = varying(SmallData.shares(N));
  private static final Dataset<Row> COUNTS = varying(SmallData.counts(N));
  private static final Dataset<Row> AMOUNTS = varying(SmallData.amounts(N));
  private static final Dataset<Row> SOME_ZEROS = varying(SmallData.amountsAndZeros(N));

  private static Dataset<Row> varying(SmallData data) {
    return offset(VaryingFeatures.of(data.frame())).cache();
  }

  private static Dataset<Row> offset(Dataset<Row> rows) {
    return rows.withColumn("offset", functions.log(col("weight").plus(1)));
  }

  record Case(String name, Dataset<Row> rows, Consumer<GeneralizedLinearRegression> parameters) {
    @Override
    public String toString() {
      return name;
    }

    GeneralizedLinearRegressionModel fit(GeneralizedLinearRegression estimator) {
      // far beyond what is compared, for both
      estimator.setTol(1e-9).setMaxIter(100);
      parameters.accept(estimator);
      return estimator.fit(rows);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("gaussian, offset", NUMBERS, glm -> glm.setOffsetCol("offset")),
        new Case(
            "gaussian, ridge, weights, no intercept",
            NUMBERS,
            glm -> glm.setRegParam(0.3).setWeightCol("weight").setFitIntercept(false)),
        new Case(
            "binomial, shares of trials",
            SHARES,
            glm -> glm.setFamily("binomial").setWeightCol("weight")),
        new Case(
            "binomial, ridge, offset",
            SHARES,
            glm -> glm.setFamily("Binomial").setRegParam(0.1).setOffsetCol("offset")),
        new Case(
            "poisson, offset, weights",
            COUNTS,
            glm -> glm.setFamily("poisson").setOffsetCol("offset").setWeightCol("weight")),
        new Case("poisson, ridge", COUNTS, glm -> glm.setFamily("poisson").setRegParam(0.5)),
        new Case(
            "poisson, no intercept",
            COUNTS,
            glm -> glm.setFamily("poisson").setFitIntercept(false)),
        new Case(
            "gamma, weights",
            AMOUNTS,
            glm -> glm.setFamily("gamma").setLink("log").setWeightCol("weight")),
        new Case(
            "gamma, ridge, offset",
            AMOUNTS,
            glm -> glm.setFamily("gamma").setLink("log").setRegParam(0.2).setOffsetCol("offset")),
        new Case(
            "tweedie",
            SOME_ZEROS,
            glm -> glm.setFamily("tweedie").setVariancePower(1.5).setLinkPower(0)),
        new Case(
            "tweedie, ridge, weights",
            SOME_ZEROS,
            glm ->
                glm.setFamily("tweedie")
                    .setVariancePower(1.3)
                    .setLinkPower(0)
                    .setRegParam(0.1)
                    .setWeightCol("weight")));
  }

  /**
   * A gap g of the mean loss moves a coefficient by at most √(2 g Σω/φ) of its standard error. Gaps
   * here are at most 1e-12 of a loss of some 10 at Σω/φ up to 500: 1e-4.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theSolutionIsThatOfSpark(Case each) {
    GeneralizedLinearRegressionModel ours =
        each.fit(new dev.talweg.ml.regression.GeneralizedLinearRegression("same"));
    GeneralizedLinearRegressionModel theirs = each.fit(new GeneralizedLinearRegression("same"));
    GeneralizedLinearRegressionTrainingSummary own = ours.summary();
    GeneralizedLinearRegressionTrainingSummary stock = theirs.summary();
    double[] errors = stock.coefficientStandardErrors();
    assertEquals(
        0, errorsApart(ours.intercept(), theirs.intercept(), errors[errors.length - 1]), 1e-4);
    for (int j = 0; j < theirs.coefficients().size(); j++) {
      double apart =
          errorsApart(ours.coefficients().apply(j), theirs.coefficients().apply(j), errors[j]);
      assertEquals(0, apart, 1e-4, "coefficient " + j);
    }
    if (ours.getRegParam() == 0) { // else the solution is the minimum of no one function
      assertTrue(own.deviance() <= stock.deviance() * (1 + 1e-9) + 1e-9);
    }
    near(stock.deviance(), own.deviance());
    near(stock.nullDeviance(), own.nullDeviance());
    near(stock.dispersion(), own.dispersion());
    assertArrayEquals(
        stock.coefficientStandardErrors(),
        own.coefficientStandardErrors(),
        1e-5 * Arrays.stream(errors).max().orElseThrow());
    for (int j = 0; j < errors.length; j++) {
      assertEquals(
          stock.tValues()[j], own.tValues()[j], 1e-3 + 1e-5 * Math.abs(stock.tValues()[j]));
      assertEquals(stock.pValues()[j], own.pValues()[j], 1e-4);
    }
    assertEquals(stock.degreesOfFreedom(), own.degreesOfFreedom());
    assertEquals(stock.residualDegreeOfFreedomNull(), own.residualDegreeOfFreedomNull());
    if (!ours.getFamily().equals("tweedie")) {
      near(stock.aic(), own.aic());
    }
    assertEquals("irls", own.solver());
    assertTrue(own.numIterations() < 100, own.numIterations() + " steps");
  }

  private static double errorsApart(double ours, double theirs, double error) {
    return (ours - theirs) / error;
  }

  private static void near(double expected, double actual) {
    assertEquals(expected, actual, 1e-6 * Math.abs(expected));
  }

  @Test
  void theRestOfTheSummaryIsThatOfSpark() {
    Consumer<GeneralizedLinearRegression> poisson =
        glm -> glm.setFamily("poisson").setLinkPredictionCol("link");
    Case each = new Case("poisson", COUNTS, poisson);
    GeneralizedLinearRegressionModel ours =
        each.fit(new dev.talweg.ml.regression.GeneralizedLinearRegression("same"));
    GeneralizedLinearRegressionModel theirs = each.fit(new GeneralizedLinearRegression("same"));
    assertEquals(theirs.transform(COUNTS).schema().json(), ours.transform(COUNTS).schema().json());
    assertEquals(theirs.explainParams(), ours.explainParams());
    for (String type : List.of("deviance", "pearson", "working", "response")) {
      List<Row> expected = theirs.summary().residuals(type).collectAsList();
      List<Row> actual = ours.summary().residuals(type).collectAsList();
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i).getDouble(0), actual.get(i).getDouble(0), 1e-5);
      }
    }
    assertEquals(
        theirs.summary().toString().lines().count(), ours.summary().toString().lines().count());
    assertEquals(
        theirs.evaluate(COUNTS.limit(50)).deviance(),
        ours.evaluate(COUNTS.limit(50)).deviance(),
        1e-4);
    assertInstanceOf(dev.talweg.ml.regression.GeneralizedLinearRegression.class, ours.parent());
  }

  /** Its table names features as their attributes do, and has the intercept first. */
  @Test
  void theTableOfCoefficientsHasTheNamesOfFeatures() {
    Dataset<Row> named =
        new VectorAssembler()
            .setInputCols(new String[] {"weight", "offset"})
            .setOutputCol("features")
            .transform(COUNTS.drop("features"));
    Case each = new Case("poisson", named, glm -> glm.setFamily("poisson"));
    GeneralizedLinearRegressionTrainingSummary own =
        each.fit(new dev.talweg.ml.regression.GeneralizedLinearRegression("same")).summary();
    GeneralizedLinearRegressionTrainingSummary stock =
        each.fit(new GeneralizedLinearRegression("same")).summary();
    assertEquals(List.of("(Intercept)", "weight", "offset"), names(stock));
    assertEquals(names(stock), names(own));
  }

  private static List<String> names(GeneralizedLinearRegressionTrainingSummary summary) {
    return summary
        .toString()
        .lines()
        .map(line -> line.strip().split("\\s+", -1)[0])
        .filter(first -> Set.of("(Intercept)", "weight", "offset").contains(first))
        .toList();
  }

  /** Of collinear features normal equations are singular: both then have no standard errors. */
  @Test
  void constantFeaturesHaveTheWeightZeroAndNoStandardErrors() {
    Dataset<Row> rows = SmallData.counts(N).frame().cache();
    GeneralizedLinearRegressionModel ours =
        new dev.talweg.ml.regression.GeneralizedLinearRegression().setFamily("poisson").fit(rows);
    GeneralizedLinearRegressionModel theirs =
        new GeneralizedLinearRegression().setFamily("poisson").fit(rows);
    assertEquals(0, ours.coefficients().apply(4));
    assertEquals(0, ours.coefficients().apply(5));
    assertTrue(ours.summary().deviance() <= theirs.summary().deviance() * (1 + 1e-6));
    assertThrows(
        UnsupportedOperationException.class, () -> theirs.summary().coefficientStandardErrors());
    assertThrows(
        UnsupportedOperationException.class, () -> ours.summary().coefficientStandardErrors());
  }

  @Test
  void theCombinationsOfThePageAreTrainedByTalweg() {
    List<String> families = List.of("gaussian", "binomial", "poisson", "gamma");
    List<String> links =
        List.of("", "identity", "log", "inverse", "logit", "probit", "cloglog", "sqrt");
    List<String> ours =
        families.stream()
            .flatMap(family -> links.stream().map(link -> family + " " + link))
            .filter(
                each ->
                    LinkedFamily.named(each.split(" ", -1)[0], each.split(" ", -1)[1]).isPresent())
            .toList();
    assertEquals(
        List.of(
            "gaussian ",
            "gaussian identity",
            "binomial ",
            "binomial logit",
            "poisson ",
            "poisson log",
            "gamma log"),
        ours);
    assertEquals(LinkedFamily.named("gaussian", ""), LinkedFamily.ofPowers(0, Double.NaN));
    assertEquals(LinkedFamily.named("poisson", "log"), LinkedFamily.ofPowers(1, Double.NaN));
    assertEquals(LinkedFamily.named("gamma", "log"), LinkedFamily.ofPowers(2, 0));
    assertTrue(LinkedFamily.ofPowers(1.5, 0).isPresent());
    for (double[] powers : new double[][] {{2, Double.NaN}, {1.5, Double.NaN}, {3, 0}, {0, 0}}) {
      assertTrue(LinkedFamily.ofPowers(powers[0], powers[1]).isEmpty(), Arrays.toString(powers));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gamma inverse", "poisson sqrt", "one label", "no features"})
  void whatTalwegHasNoLossForSparkTrains(String what) {
    assertEquals(
        left(what, new GeneralizedLinearRegression()),
        left(what, new dev.talweg.ml.regression.GeneralizedLinearRegression()));
  }

  private static List<Object> left(String what, GeneralizedLinearRegression glm) {
    GeneralizedLinearRegressionModel model =
        switch (what) {
          case "gamma inverse" -> glm.setFamily("gamma").fit(AMOUNTS);
          case "poisson sqrt" -> glm.setFamily("poisson").setLink("sqrt").fit(COUNTS);
          case "one label" -> glm.setFamily("poisson").fit(COUNTS.withColumn("label", lit(3)));
          case "no features" ->
              glm.setFamily("poisson")
                  .fit(
                      COUNTS.withColumn(
                          "features",
                          functions
                              .udf(() -> Vectors.zeros(0), SQLDataTypes.VectorType())
                              .apply()));
          default -> throw new IllegalArgumentException(what);
        };
    return List.of(model.coefficients(), model.intercept());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "negative count",
        "amount of 0",
        "share above 1",
        "text label",
        "missing offset",
        "negative weight",
        "no such offset",
        "link of another family"
      })
  void errorsAreThoseOfSpark(String what) {
    SparkMlTest.assertRefusedAlike(
        () -> fit(what, new dev.talweg.ml.regression.GeneralizedLinearRegression("same")),
        () -> fit(what, new GeneralizedLinearRegression("same")));
  }

  private static void fit(String what, GeneralizedLinearRegression glm) {
    Dataset<Row> rows = COUNTS;
    glm.setFamily("poisson");
    switch (what) {
      case "negative count" -> rows = rows.withColumn("label", col("label").minus(1));
      case "amount of 0" -> glm.setFamily("gamma").setLink("log");
      case "share above 1" -> glm.setFamily("binomial");
      case "text label" -> rows = rows.withColumn("label", lit("some"));
      case "missing offset" -> {
        rows = rows.withColumn("offset", functions.when(col("label").gt(0), 1));
        glm.setOffsetCol("offset");
      }
      case "negative weight" -> {
        rows = rows.withColumn("weight", lit(-1.0));
        glm.setWeightCol("weight");
      }
      case "no such offset" -> glm.setOffsetCol("nowhere");
      case "link of another family" -> glm.setLink("logit");
      default -> throw new IllegalArgumentException(what);
    }
    glm.fit(rows);
  }

  @Test
  void crossValidationChoosesAsItDoesWithSpark() {
    assertArrayEquals(
        validated(new GeneralizedLinearRegression("same")),
        validated(new dev.talweg.ml.regression.GeneralizedLinearRegression("same")),
        1e-5);
  }

  private static double[] validated(GeneralizedLinearRegression glm) {
    return new CrossValidator()
        .setEstimator(glm.setFamily("poisson"))
        .setEvaluator(new RegressionEvaluator())
        .setEstimatorParamMaps(
            new ParamGridBuilder().addGrid(glm.regParam(), new double[] {0.01, 10}).build())
        .setNumFolds(2)
        .setSeed(3)
        .fit(COUNTS)
        .avgMetrics();
  }

  @Test
  void featuresMayBeSparseAndLabelsIntegers() {
    Dataset<Row> other =
        COUNTS
            .withColumn(
                "features",
                functions
                    .udf((Vector v) -> v.toSparse(), SQLDataTypes.VectorType())
                    .apply(col("features")))
            .withColumn("label", col("label").cast("int"));
    GeneralizedLinearRegression glm =
        new dev.talweg.ml.regression.GeneralizedLinearRegression().setFamily("poisson");
    double[] sparse = glm.fit(other).coefficients().toArray();
    double[] dense = glm.fit(COUNTS).coefficients().toArray();
    // the order of a block's sums differs between layouts, and the last steps with it
    for (int j = 0; j < dense.length; j++) {
      assertEquals(dense[j], sparse[j], 1e-7 * Math.abs(dense[j]));
    }
  }
}
