package dev.talweg.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.ml.classification.LinearSVC;
import dev.talweg.ml.classification.LogisticRegression;
import dev.talweg.ml.classification.MultilayerPerceptronClassifier;
import dev.talweg.ml.regression.GeneralizedLinearRegression;
import dev.talweg.ml.regression.LinearRegression;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.ml.classification.BinaryLogisticRegressionSummary;
import org.apache.spark.ml.classification.LinearSVCSummary;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.LogisticRegressionSummary;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationSummary;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionSummary;
import org.apache.spark.ml.regression.LinearRegressionSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that a training summary says is what Spark says of the same model and rows, and has
 * the columns of Spark's summary of its own training.
 */
class EverySummaryTest {
  private static final Dataset<Row> BINARY = Estimators.BINARY;
  private static final Dataset<Row> COUNTS = Estimators.COUNTS;
  private static final Dataset<Row> CLASSES =
      VaryingFeatures.of(SmallData.classes(120).frame()).coalesce(1).cache();

  /** Only a training summary has these, and what they are made of. */
  private static final Set<String> OF_TRAINING =
      Set.of("coefficientStandardErrors", "tValues", "pValues", "coefficientArray", "diagInvAtWA");

  /**
   * @param training of our model
   * @param evaluation of our model on the same rows, by Spark
   * @param stock Spark's summary of its own training
   */
  record Summaries(Class<?> kind, Object training, Object evaluation, Object stock) {
    @Override
    public String toString() {
      return kind.getSimpleName();
    }
  }

  private static final List<Summaries> ALL =
      List.of(binary(), multinomial(), svc(), perceptron(), linear(), generalized());

  static Stream<Summaries> summaries() {
    return ALL.stream();
  }

  private static Summaries binary() {
    LogisticRegressionModel ours = logistic(new LogisticRegression("same")).fit(BINARY);
    return new Summaries(
        BinaryLogisticRegressionSummary.class,
        ours.binarySummary(),
        ours.evaluate(BINARY).asBinary(),
        logistic(new org.apache.spark.ml.classification.LogisticRegression("same"))
            .fit(BINARY)
            .binarySummary());
  }

  private static Summaries multinomial() {
    LogisticRegressionModel ours = logistic(new LogisticRegression("same")).fit(CLASSES);
    return new Summaries(
        LogisticRegressionSummary.class,
        ours.summary(),
        ours.evaluate(CLASSES),
        logistic(new org.apache.spark.ml.classification.LogisticRegression("same"))
            .fit(CLASSES)
            .summary());
  }

  private static org.apache.spark.ml.classification.LogisticRegression logistic(
      org.apache.spark.ml.classification.LogisticRegression estimator) {
    return estimator.setRegParam(0.05).setWeightCol("weight").setTol(1e-9);
  }

  private static Summaries svc() {
    var ours = new LinearSVC("same").setRegParam(0.05).setWeightCol("weight").fit(BINARY);
    var stock =
        new org.apache.spark.ml.classification.LinearSVC("same")
            .setRegParam(0.05)
            .setWeightCol("weight")
            .fit(BINARY);
    return new Summaries(
        LinearSVCSummary.class, ours.summary(), ours.evaluate(BINARY), stock.summary());
  }

  private static Summaries perceptron() {
    int[] layers = {4, 4};
    var ours = new MultilayerPerceptronClassifier("same").setLayers(layers).setSeed(2).fit(CLASSES);
    var stock =
        new org.apache.spark.ml.classification.MultilayerPerceptronClassifier("same")
            .setLayers(layers)
            .setSeed(2)
            .fit(CLASSES);
    return new Summaries(
        MultilayerPerceptronClassificationSummary.class,
        ours.summary(),
        ours.evaluate(CLASSES),
        stock.summary());
  }

  private static Summaries linear() {
    var ours = new LinearRegression("same").setWeightCol("weight").fit(COUNTS);
    var stock =
        new org.apache.spark.ml.regression.LinearRegression("same")
            .setWeightCol("weight")
            .fit(COUNTS);
    return new Summaries(
        LinearRegressionSummary.class, ours.summary(), ours.evaluate(COUNTS), stock.summary());
  }

  private static Summaries generalized() {
    var ours =
        new GeneralizedLinearRegression("same")
            .setFamily("poisson")
            .setWeightCol("weight")
            .fit(COUNTS);
    var stock =
        new org.apache.spark.ml.regression.GeneralizedLinearRegression("same")
            .setFamily("poisson")
            .setWeightCol("weight")
            .fit(COUNTS);
    return new Summaries(
        GeneralizedLinearRegressionSummary.class,
        ours.summary(),
        ours.evaluate(COUNTS),
        stock.summary());
  }

  @ParameterizedTest
  @MethodSource("summaries")
  void isWhatSparkSaysOfTheModel(Summaries each) throws ReflectiveOperationException {
    Map<String, Object> found = answers(each.kind(), each.training());
    assertTrue(found.size() > 10, found.keySet().toString());
    Map<String, Object> expected = answers(each.kind(), each.evaluation());
    expected.forEach(
        (name, value) ->
            assertEquals(
                values(value), values(Objects.requireNonNull(found.get(name), name)), name));
  }

  @ParameterizedTest
  @MethodSource("summaries")
  void hasTheColumnsOfSparks(Summaries each) throws ReflectiveOperationException {
    Map<String, Object> found = answers(each.kind(), each.training());
    answers(each.kind(), each.stock())
        .forEach(
            (name, value) ->
                assertEquals(
                    shape(value), shape(Objects.requireNonNull(found.get(name), name)), name));
  }

  /** All that a summary says without being asked for a parameter, by name. */
  private static Map<String, Object> answers(Class<?> kind, Object summary)
      throws ReflectiveOperationException {
    Map<String, Object> answers = new TreeMap<>();
    for (Method method : kind.getMethods()) {
      Class<?> type = method.getReturnType();
      boolean told =
          type.isPrimitive()
              || type == double[].class
              || type == String.class
              || type == Dataset.class;
      if (told
          && type != void.class
          && method.getParameterCount() == 0
          && method.getDeclaringClass().getName().startsWith("org.apache.spark.ml.")
          && method.getName().matches("[a-z][A-Za-z0-9]*")
          && !OF_TRAINING.contains(method.getName())) {
        answers.put(method.getName(), answer(method, summary));
      }
    }
    return answers;
  }

  private static Object answer(Method method, Object summary) throws ReflectiveOperationException {
    try {
      return method.invoke(summary);
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause());
    }
  }

  private static Object values(Object answer) {
    if (answer instanceof Dataset<?> rows) {
      return rows.collectAsList();
    }
    return answer instanceof double[] array ? Arrays.toString(array) : answer;
  }

  /** Names and types; numbers are those of another model. */
  private static Object shape(Object answer) {
    if (answer instanceof Dataset<?> rows) {
      return rows.schema().json();
    }
    return answer instanceof double[] array
        ? array.length
        : answer instanceof String ? answer : answer.getClass();
  }
}
