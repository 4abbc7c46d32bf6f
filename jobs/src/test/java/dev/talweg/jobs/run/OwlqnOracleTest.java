package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import dev.talweg.optimizer.random.CounterRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The elastic net against Breeze's OWL-QN, as spark.ml runs it. */
class OwlqnOracleTest {
  private static final double REGULARIZATION = 1e-2;
  private static final double SHARE = 0.6;

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"proximal-quasi-newton", "owl-qn"})
  void theElasticNetEndsWhereBreezesOwlqnDoes(String optimizer) {
    String source = CommandLineRun.sample("mushrooms/mushrooms.libsvm");
    Dataset<Row> rows = LocalSpark.session().read().format("libsvm").load(source);
    compare(source, "logistic", rows, optimizer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"proximal-quasi-newton", "owl-qn"})
  void ofManyClassesTooTheElasticNetEndsWhereBreezesOwlqnDoes(String optimizer) throws IOException {
    StringBuilder text = new StringBuilder("label,a,b,c,d,e\n");
    for (int i = 0; i < 500; i++) {
      double[] x = new double[5];
      for (int j = 0; j < x.length; j++) {
        x[j] = (float) CounterRandom.gaussian(1, i, j, 0); // as blocks have it
      }
      double seen = x[0] - x[1] + CounterRandom.gaussian(2, i, 0, 0);
      text.append(seen < -1 ? 0 : seen < 0.5 ? 1 : x[2] > 0 ? 2 : 3);
      for (double each : x) {
        text.append(',').append(each);
      }
      text.append('\n');
    }
    Path source = Files.writeString(dir.resolve("classes.csv"), text);
    Dataset<Row> table =
        LocalSpark.session()
            .read()
            .option("header", true)
            .option("inferSchema", true)
            .csv(source.toString());
    Dataset<Row> rows =
        new VectorAssembler()
            .setInputCols(new String[] {"a", "b", "c", "d", "e"})
            .setOutputCol("features")
            .transform(table);
    compare(source.toString(), "multinomial", rows, optimizer);
  }

  private void compare(String source, String kind, Dataset<Row> rows, String optimizer) {
    LogisticRegressionModel model =
        new LogisticRegression()
            .setRegParam(REGULARIZATION)
            .setElasticNetParam(SHARE)
            .setStandardization(false)
            .setTol(1e-13)
            .setMaxIter(2000)
            .fit(rows);
    double[] history = model.summary().objectiveHistory();
    double oracle = history[history.length - 1];
    RunSummary run =
        CommandLineRun.train(
            dir,
            """
            data: {train: %s, label: label}
            model: %s
            penalty: {l1: %s, l2: %s, standardize: none}
            optimizer: %s
            stopping: {gap: 1e-8, max-iterations: 1000}
            output: {dir}/run
            """
                .formatted(
                    source, kind, REGULARIZATION * SHARE, REGULARIZATION * (1 - SHARE), optimizer));
    double value = Objects.requireNonNull(run.objective().value());
    assertEquals("converged", run.status(), run.termination().describe());
    // ours is certified to 1e-8; Breeze ends where steps gain 1e-13
    assertEquals(oracle, value, 1e-7 * oracle);
    double bound = Objects.requireNonNull(run.certificate().dual());
    assertTrue(bound <= oracle * (1 + 1e-12), bound + " is not below what was reached: " + oracle);
  }
}
