package dev.talweg.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;

import dev.talweg.ml.classification.LinearSVC;
import dev.talweg.ml.classification.LogisticRegression;
import dev.talweg.ml.classification.MultilayerPerceptronClassifier;
import dev.talweg.ml.regression.GeneralizedLinearRegression;
import dev.talweg.ml.regression.LinearRegression;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One of Talweg's estimators beside that of Spark, both of one identifier, with rows that they can
 * be trained on.
 *
 * @param rows columns label, weight, features; labels and weights are small integers
 */
record Estimators(
    String name,
    Supplier<Predictor<Vector, ?, ?>> ours,
    Supplier<Predictor<Vector, ?, ?>> stock,
    Dataset<Row> rows) {
  static final Dataset<Row> BINARY = integers(SmallData.binary(120));
  static final Dataset<Row> COUNTS = integers(SmallData.counts(120));

  private static Dataset<Row> integers(SmallData data) {
    return VaryingFeatures.of(data.frame())
        .withColumn("weight", floor(col("weight")).plus(1).cast("double"))
        .coalesce(1)
        .cache();
  }

  /** All of them. */
  static Stream<Estimators> all() {
    return Stream.concat(weighted(), Stream.of(PERCEPTRON));
  }

  private static final Estimators PERCEPTRON =
      new Estimators(
          "MultilayerPerceptronClassifier",
          () -> new MultilayerPerceptronClassifier("same").setLayers(new int[] {4, 2}).setSeed(3),
          () ->
              new org.apache.spark.ml.classification.MultilayerPerceptronClassifier("same")
                  .setLayers(new int[] {4, 2})
                  .setSeed(3),
          BINARY);

  /** Those whose rows may have weights. */
  static Stream<Estimators> weighted() {
    return Stream.of(
        new Estimators(
            "LogisticRegression",
            () -> new LogisticRegression("same"),
            () -> new org.apache.spark.ml.classification.LogisticRegression("same"),
            BINARY),
        new Estimators(
            "LinearSVC",
            () -> new LinearSVC("same"),
            () -> new org.apache.spark.ml.classification.LinearSVC("same"),
            BINARY),
        new Estimators(
            "LinearRegression",
            () -> new LinearRegression("same"),
            () -> new org.apache.spark.ml.regression.LinearRegression("same"),
            COUNTS),
        new Estimators(
            "GeneralizedLinearRegression",
            () -> new GeneralizedLinearRegression("same").setFamily("poisson"),
            () ->
                new org.apache.spark.ml.regression.GeneralizedLinearRegression("same")
                    .setFamily("poisson"),
            COUNTS));
  }

  @Override
  public String toString() {
    return name;
  }

  /** These parameters, of those that the estimator has: name, value, name, value, … */
  static ParamMap those(Params estimator, Object... namesAndValues) {
    ParamMap map = new ParamMap();
    for (int k = 0; k < namesAndValues.length; k += 2) {
      String name = (String) namesAndValues[k];
      if (estimator.hasParam(name)) {
        map.put(estimator.getParam(name), namesAndValues[k + 1]);
      }
    }
    return map;
  }

  /** Coefficients, then intercepts. */
  static double[] parameters(Model<?> model) {
    if (model instanceof LogisticRegressionModel found) {
      return both(found.coefficientMatrix().toArray(), found.interceptVector().toArray());
    }
    if (model instanceof LinearSVCModel found) {
      return both(found.coefficients().toArray(), found.intercept());
    }
    if (model instanceof LinearRegressionModel found) {
      return both(found.coefficients().toArray(), found.intercept());
    }
    if (model instanceof GeneralizedLinearRegressionModel found) {
      return both(found.coefficients().toArray(), found.intercept());
    }
    return ((MultilayerPerceptronClassificationModel) model).weights().toArray();
  }

  private static double[] both(double[] coefficients, double... intercepts) {
    return DoubleStream.concat(DoubleStream.of(coefficients), DoubleStream.of(intercepts))
        .toArray();
  }
}
