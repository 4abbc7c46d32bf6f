package dev.talweg.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.ml.classification.LinearSVC;
import dev.talweg.ml.classification.LogisticRegression;
import dev.talweg.ml.classification.MultilayerPerceptronClassifier;
import dev.talweg.ml.regression.GeneralizedLinearRegression;
import dev.talweg.ml.regression.LinearRegression;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of estimators: of Talweg's, of Spark's in the place of Talweg's, and of strangers. */
class SavedEstimatorsTest {
  @TempDir Path dir;

  /** An estimator of Spark with parameters of a user, and how ours is read. */
  record Saved<T extends Params>(
      T stock, Class<? extends T> own, Function<String, T> load, MLReader<T> reader) {
    @Override
    public String toString() {
      return own.getSimpleName();
    }
  }

  static Stream<Saved<?>> estimators() {
    return Stream.of(
        new Saved<org.apache.spark.ml.classification.LogisticRegression>(
            new org.apache.spark.ml.classification.LogisticRegression("mine")
                .setRegParam(0.2)
                .setThreshold(0.3)
                .setFamily("binomial"),
            LogisticRegression.class,
            LogisticRegression::load,
            LogisticRegression.read()),
        new Saved<org.apache.spark.ml.classification.LinearSVC>(
            new org.apache.spark.ml.classification.LinearSVC("mine").setThreshold(0.3),
            LinearSVC.class,
            LinearSVC::load,
            LinearSVC.read()),
        new Saved<org.apache.spark.ml.classification.MultilayerPerceptronClassifier>(
            new org.apache.spark.ml.classification.MultilayerPerceptronClassifier("mine")
                .setLayers(new int[] {6, 3, 2})
                .setSeed(9),
            MultilayerPerceptronClassifier.class,
            MultilayerPerceptronClassifier::load,
            MultilayerPerceptronClassifier.read()),
        new Saved<org.apache.spark.ml.regression.LinearRegression>(
            new org.apache.spark.ml.regression.LinearRegression("mine")
                .setLoss("huber")
                .setEpsilon(2),
            LinearRegression.class,
            LinearRegression::load,
            LinearRegression.read()),
        new Saved<org.apache.spark.ml.regression.GeneralizedLinearRegression>(
            new org.apache.spark.ml.regression.GeneralizedLinearRegression("mine")
                .setFamily("tweedie")
                .setVariancePower(1.5)
                .setOffsetCol("exposure"),
            GeneralizedLinearRegression.class,
            GeneralizedLinearRegression::load,
            GeneralizedLinearRegression.read()));
  }

  private String save(Params estimator) throws IOException {
    String path = dir.resolve("saved").toString();
    ((MLWritable) estimator).write().overwrite().save(path);
    return path;
  }

  /** What was saved before the import line was changed is read after it. */
  @ParameterizedTest
  @MethodSource("estimators")
  <T extends Params> void whatStockSparkSavedIsReadAsOurs(Saved<T> each) throws IOException {
    String path = save(each.stock());
    for (T read : List.of(each.load().apply(path), each.reader().load(path))) {
      assertInstanceOf(each.own(), read);
      assertEquals("mine", read.uid());
      assertEquals(SparkMlTest.explained(each.stock()), SparkMlTest.explained(read));
      String again = save(read);
      assertInstanceOf(each.own(), each.load().apply(again));
    }
  }

  /** Stock Spark, which makes what the file names, makes ours where the jar is there. */
  @Test
  void whatTalwegSavedIsReadByStockSpark() throws IOException {
    String path = save(new LogisticRegression("mine").setRegParam(0.2));
    org.apache.spark.ml.classification.LogisticRegression read =
        org.apache.spark.ml.classification.LogisticRegression.load(path);
    assertInstanceOf(LogisticRegression.class, read);
    assertEquals(0.2, read.getRegParam());
  }

  /** {@code new FileOutputStream(uid)} empties the file that {@code uid} names. */
  @ParameterizedTest
  @MethodSource("estimators")
  <T extends Params> void aFileThatNamesAnotherClassIsRefused(Saved<T> each) throws IOException {
    Path victim = Files.writeString(dir.resolve("victim"), "precious");
    String path = save(each.stock());
    rewrite(
        path,
        json ->
            json.replace(each.stock().getClass().getName(), FileOutputStream.class.getName())
                .replace("\"mine\"", "\"" + victim + "\""));
    Exception thrown = assertThrows(IllegalArgumentException.class, () -> each.load().apply(path));
    String says = String.valueOf(thrown.getMessage());
    assertTrue(says.startsWith(path + ": found java.io.FileOutputStream, a saved "), says);
    assertEquals("precious", Files.readString(victim));
  }

  @Test
  void aFileOfAnotherEstimatorIsRefused() throws IOException {
    String path = save(new LinearSVC("svc"));
    Exception thrown =
        assertThrows(IllegalArgumentException.class, () -> LogisticRegression.load(path));
    assertEquals(
        path
            + ": found dev.talweg.ml.classification.LinearSVC, a saved"
            + " dev.talweg.ml.classification.LogisticRegression or"
            + " org.apache.spark.ml.classification.LogisticRegression is allowed; load it by the"
            + " class that saved it",
        thrown.getMessage());
  }

  private static void rewrite(String saved, Function<String, String> change) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(saved, "metadata"))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().endsWith(".crc")) {
          Files.delete(file);
        } else {
          Files.writeString(file, change.apply(Files.readString(file)));
        }
      }
    }
  }

  @Test
  void aModelOfStockSparkIsAStart() throws IOException {
    Dataset<Row> rows = SmallData.binary(120).frame().coalesce(1);
    String path = dir.resolve("model").toString();
    new org.apache.spark.ml.classification.LogisticRegression()
        .setRegParam(0.1)
        .setTol(1e-12)
        .fit(rows)
        .save(path);
    LogisticRegressionModel start = LogisticRegressionModel.load(path);
    LogisticRegressionModel unchanged =
        new LogisticRegression().setInitialModel(start).setMaxIter(0).setRegParam(0.1).fit(rows);
    assertEquals(start.coefficients(), unchanged.coefficients());
    assertEquals(start.intercept(), unchanged.intercept());
    LogisticRegressionModel near =
        new LogisticRegression().setInitialModel(start).setRegParam(0.1).fit(rows);
    assertTrue(near.summary().totalIterations() <= 1, "at the optimum already");
  }

  @Test
  void oneAgainstTheRestIsSavedWithOurs() throws IOException {
    String path = dir.resolve("rest").toString();
    new OneVsRest().setClassifier(new LogisticRegression("inner").setRegParam(0.3)).save(path);
    assertInstanceOf(LogisticRegression.class, OneVsRest.load(path).getClassifier());
  }
}
