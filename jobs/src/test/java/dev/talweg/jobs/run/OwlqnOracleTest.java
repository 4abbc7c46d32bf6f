package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
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
            model: logistic
            penalty: {l1: %s, l2: %s, standardize: none}
            optimizer: %s
            stopping: {gap: 1e-8, max-iterations: 1000}
            output: {dir}/run
            """
                .formatted(
                    source, REGULARIZATION * SHARE, REGULARIZATION * (1 - SHARE), optimizer));
    double value = Objects.requireNonNull(run.objective().value());
    assertEquals("converged", run.status(), run.termination().describe());
    // ours is certified to 1e-8; Breeze ends where steps gain 1e-13
    assertEquals(oracle, value, 1e-7 * oracle);
    double bound = Objects.requireNonNull(run.certificate().dual());
    assertTrue(bound <= oracle * (1 + 1e-12), bound + " is not below what was reached: " + oracle);
  }
}
