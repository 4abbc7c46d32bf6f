package dev.talweg.ml.engine;

import dev.talweg.datasets.DataException;
import java.util.Arrays;
import java.util.OptionalInt;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.shared.HasWeightCol;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.util.DatasetUtils$;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MetadataUtils$;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import scala.Option;

/**
 * Whatever touches Spark's private API ({@code private[spark]} in Scala, public in bytecode): the
 * checks of labels and weights, the models' constructors, their training summaries, the reader of
 * parameters. A version of Spark that changes one of these fails here, and its test says so.
 */
public final class SparkMl {
  static final String LABEL = "label";
  static final String FEATURES = "features";
  static final String WEIGHT = "weight";

  private SparkMl() {}

  /** What a row has, in the columns of {@link TrainingRows}, of rows of a weight above 0. */
  private static Dataset<Row> rows(
      Dataset<?> dataset, Column label, String features, Option<String> weight) {
    Column vector = functions.col(features).as(FEATURES);
    if (weight.isEmpty() || weight.get().isEmpty()) {
      return dataset.select(label.as(LABEL), vector);
    }
    Column checked = DatasetUtils$.MODULE$.checkNonNegativeWeights(weight);
    return dataset
        .select(label.as(LABEL), checked.as(WEIGHT), vector)
        .where(functions.col(WEIGHT).notEqual(0));
  }

  /** With labels that must be classes; Spark's own errors where they are not. */
  public static <P extends Params & HasWeightCol> Dataset<Row> classified(
      Dataset<?> dataset, P estimator, String label, String features) {
    return rows(
        dataset,
        DatasetUtils$.MODULE$.checkClassificationLabels(label, Option.empty()),
        features,
        estimator.get(estimator.weightCol()));
  }

  /** With labels that must be numbers. */
  public static <P extends Params & HasWeightCol> Dataset<Row> measured(
      Dataset<?> dataset, P estimator, String label, String features) {
    return rows(
        dataset,
        DatasetUtils$.MODULE$.checkRegressionLabels(label),
        features,
        estimator.get(estimator.weightCol()));
  }

  /** The number of classes that the metadata of a label column says. */
  public static OptionalInt classes(Dataset<?> dataset, String label) {
    Option<Object> found = MetadataUtils$.MODULE$.getNumClasses(dataset.schema().apply(label));
    return found.isDefined() ? OptionalInt.of((Integer) found.get()) : OptionalInt.empty();
  }

  /** A fitted model with its training summary. */
  public static LogisticRegressionModel model(
      LogisticRegression estimator, Dataset<?> dataset, Fitted fitted, int classes, Intercept own) {
    int margins = fitted.intercepts().length;
    int features = fitted.weights().length / margins;
    double[] byClass = new double[fitted.weights().length];
    for (int k = 0; k < margins; k++) {
      System.arraycopy(fitted.margin(k), 0, byClass, k * features, features);
    }
    Vector intercepts =
        own == Intercept.FREE || margins == 1
            ? Vectors.dense(fitted.intercepts())
            : Vectors.sparse(margins, new int[0], new double[0]);
    LogisticRegressionModel model =
        estimator.copyValues(
            new LogisticRegressionModel(
                estimator.uid(),
                new DenseMatrix(margins, features, byClass, true).compressed(),
                intercepts.compressed(),
                classes,
                margins > 1),
            ParamMap.empty());
    model.createSummary(dataset, fitted.objectives());
    return model;
  }

  /**
   * A fitted model with its training summary.
   *
   * @param variances the diagonal of (XᵀΩX)⁻¹, of which standard errors are made; empty for none
   */
  public static LinearRegressionModel model(
      LinearRegression estimator, Dataset<?> dataset, Fitted fitted, double[] variances) {
    LinearRegressionModel model =
        estimator.copyValues(
            new LinearRegressionModel(
                estimator.uid(),
                Vectors.dense(fitted.weights()).compressed(),
                fitted.intercepts()[0]),
            ParamMap.empty());
    double[] tested = Arrays.copyOf(fitted.weights(), variances.length);
    if (variances.length > fitted.weights().length) {
      tested[variances.length - 1] = fitted.intercepts()[0];
    }
    model.createSummary(
        dataset, variances.length > 0 ? variances : new double[1], fitted.objectives(), tested);
    return model;
  }

  /** Reads an estimator back, of whatever class its metadata says. */
  public static <T> MLReader<T> reader() {
    return new DefaultParamsReader<>();
  }

  /** Says why a fit is left to Spark's own code. */
  public static void leftToSpark(Logger log, Params estimator, DataException why) {
    log.warn(
        "{} is trained by spark.ml's own code: {}",
        estimator.uid(),
        String.join("; ", why.problems()));
  }
}
