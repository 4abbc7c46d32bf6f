package dev.talweg.ml.engine;

import dev.talweg.datasets.DataException;
import dev.talweg.optimizer.model.Intercept;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.spark.ml.ann.FeedForwardTopology;
import org.apache.spark.ml.classification.LinearSVC;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationTrainingSummaryImpl;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.shared.HasWeightCol;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionTrainingSummary;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.util.DatasetUtils$;
import org.apache.spark.ml.util.DefaultParamsReader$;
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
  static final String OFFSET = "offset";

  private SparkMl() {}

  /** What a row has, in the columns of {@link TrainingRows}, of rows of a weight above 0. */
  private static Dataset<Row> rows(
      Dataset<?> dataset,
      Column label,
      String features,
      Option<String> weight,
      Option<String> offset) {
    List<Column> columns = new ArrayList<>();
    columns.add(label.as(LABEL));
    boolean weighted = named(weight);
    if (weighted) {
      columns.add(DatasetUtils$.MODULE$.checkNonNegativeWeights(weight).as(WEIGHT));
    }
    if (named(offset)) {
      columns.add(DatasetUtils$.MODULE$.checkNonNanValues(offset.get(), "Offsets").as(OFFSET));
    }
    columns.add(functions.col(features).as(FEATURES));
    Dataset<Row> rows = dataset.select(columns.toArray(Column[]::new));
    return weighted ? rows.where(functions.col(WEIGHT).notEqual(0)) : rows;
  }

  private static boolean named(Option<String> column) {
    return column.isDefined() && !column.get().isEmpty();
  }

  private static Dataset<Row> classified(
      Dataset<?> dataset,
      String label,
      Option<Object> classes,
      String features,
      Option<String> weight) {
    return rows(
        dataset,
        DatasetUtils$.MODULE$.checkClassificationLabels(label, classes),
        features,
        weight,
        Option.empty());
  }

  /** With labels that must be classes; Spark's own errors where they are not. */
  public static <P extends Params & HasWeightCol> Dataset<Row> classified(
      Dataset<?> dataset, P estimator, String label, String features) {
    return classified(
        dataset, label, Option.empty(), features, estimator.get(estimator.weightCol()));
  }

  /** With labels that must be 0 or 1. */
  public static <P extends Params & HasWeightCol> Dataset<Row> binary(
      Dataset<?> dataset, P estimator, String label, String features) {
    return classified(
        dataset, label, Option.apply(2), features, estimator.get(estimator.weightCol()));
  }

  /** With labels that must be so many classes, and without weights. */
  public static Dataset<Row> classified(
      Dataset<?> dataset, String label, String features, int classes) {
    return classified(dataset, label, Option.apply(classes), features, Option.empty());
  }

  /** With labels that must be numbers. */
  public static <P extends Params & HasWeightCol> Dataset<Row> measured(
      Dataset<?> dataset, P estimator, String label, String features) {
    return rows(
        dataset,
        DatasetUtils$.MODULE$.checkRegressionLabels(label),
        features,
        estimator.get(estimator.weightCol()),
        Option.empty());
  }

  /** With labels that must be numbers, and offsets where there are some. */
  public static Dataset<Row> measured(Dataset<?> dataset, GeneralizedLinearRegression estimator) {
    return rows(
        dataset,
        DatasetUtils$.MODULE$.checkRegressionLabels(estimator.getLabelCol()),
        estimator.getFeaturesCol(),
        estimator.get(estimator.weightCol()),
        estimator.get(estimator.offsetCol()));
  }

  /** How long the vectors are, by the metadata of the column or its first row. */
  public static int features(Dataset<?> dataset, String features) {
    return DatasetUtils$.MODULE$.getNumFeatures(dataset, features);
  }

  /** The weights that a perceptron of {@code spark.ml} begins with. */
  public static double[] initialWeights(int[] layers, long seed) {
    return FeedForwardTopology.multiLayerPerceptron(layers, true).model(seed).weights().toArray();
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

  /** A fitted model with its training summary. */
  public static LinearSVCModel model(LinearSVC estimator, Dataset<?> dataset, Fitted fitted) {
    LinearSVCModel model =
        estimator.copyValues(
            new LinearSVCModel(
                estimator.uid(),
                Vectors.dense(fitted.weights()).compressed(),
                fitted.intercepts()[0]),
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

  /**
   * A fitted model with its training summary, which copies the model, parent and all, when it is
   * made.
   */
  public static GeneralizedLinearRegressionModel model(
      GeneralizedLinearRegression estimator, Dataset<?> dataset, GeneralizedFit.Found found) {
    Fitted fitted = found.fitted();
    GeneralizedLinearRegressionModel model =
        new GeneralizedLinearRegressionModel(
            estimator.uid(), Vectors.dense(fitted.weights()), fitted.intercepts()[0]);
    model.setParent(estimator);
    estimator.copyValues(model, ParamMap.empty());
    model.setSummary(
        Option.apply(
            new GeneralizedLinearRegressionTrainingSummary(
                dataset,
                model,
                found.variances().length > 0 ? found.variances() : new double[1],
                found.steps(),
                estimator.getSolver())));
    return model;
  }

  /** A fitted model with its training summary. */
  public static MultilayerPerceptronClassificationModel model(
      MultilayerPerceptronClassifier estimator, Dataset<?> dataset, LinearFit.Walk trained) {
    MultilayerPerceptronClassificationModel model =
        estimator.copyValues(
            new MultilayerPerceptronClassificationModel(
                estimator.uid(), Vectors.dense(trained.parameters())),
            ParamMap.empty());
    var summarized = model.findSummaryModel();
    model.setSummary(
        Option.apply(
            new MultilayerPerceptronClassificationTrainingSummaryImpl(
                summarized._1().transform(dataset),
                summarized._3(),
                estimator.getLabelCol(),
                "",
                trained.objectives())));
    return model;
  }

  /**
   * Reads what an estimator, or the class of Spark that it extends, has saved. Spark's own reader
   * calls a constructor of whatever class a file names ({@code java.io.FileOutputStream} has one
   * that fits); here a file may name one of these two.
   *
   * @param made makes one of this identifier
   */
  public static <T extends Params> MLReader<T> reader(
      Class<? extends T> own, Function<String, ? extends T> made) {
    return new MLReader<>() {
      @Override
      public T load(String path) {
        var saved = DefaultParamsReader$.MODULE$.loadMetadata(path, sparkSession(), "");
        List<String> known = List.of(own.getName(), own.getSuperclass().getName());
        if (!known.contains(saved.className())) {
          throw new IllegalArgumentException(
              path
                  + ": found "
                  + saved.className()
                  + ", a saved "
                  + String.join(" or ", known)
                  + " is allowed; load it by the class that saved it");
        }
        T read = made.apply(saved.uid());
        saved.getAndSetParams(read, Option.empty());
        return read;
      }
    };
  }

  /** Says why a fit is left to Spark's own code. */
  public static void leftToSpark(Logger log, Params estimator, DataException why) {
    log.warn(
        "{} is trained by spark.ml's own code: {}",
        estimator.uid(),
        String.join("; ", why.problems()));
  }
}
