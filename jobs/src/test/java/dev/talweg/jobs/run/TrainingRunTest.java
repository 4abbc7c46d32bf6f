package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How runs begin and end. */
class TrainingRunTest {
  @TempDir Path dir;

  private String config(String more) {
    return """
    seed: 2
    data:
      train: %s
      label: {column: default, positive: "yes"}
      validation: {fraction: 0.2}
    model: logistic
    output: {dir}/run
    %s
    """
        .formatted(CommandLineRun.sample("german-credit/credit.csv"), more);
  }

  private List<Row> iterations(Path run) {
    return LocalSpark.session()
        .read()
        .parquet(run.resolve("iterations").toString())
        .orderBy("step")
        .collectAsList();
  }

  @Test
  void aWarmStartBeginsAtTheEarlierModel() {
    RunSummary cold = CommandLineRun.train(dir, config("stopping: {gap: 1e-8}"));
    RunSummary warm =
        CommandLineRun.train(
            dir, config("stopping: {gap: 1e-8}\nwarm-start: {dir}/run"), "--output", dir + "/warm");
    double begun = iterations(dir.resolve("warm")).get(0).getAs("objective");
    double ended = Objects.requireNonNull(cold.objective().value());
    assertEquals(ended, begun, 1e-12); // margins summed anew: rounding only
    assertTrue(warm.iterations() < cold.iterations(), warm.iterations() + " steps");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "newton-cholesky", "newton-cg", "{kind: lbfgs, block: 0}"})
  void everyMethodOfFullBatchesEndsAtTheOptimumThatIsCertified(String optimizer) {
    String stopping = "stopping: {gap: 1e-10}\noptimizer: ";
    RunSummary lbfgs = CommandLineRun.train(dir, config(stopping + "lbfgs"));
    RunSummary run =
        CommandLineRun.train(dir, config(stopping + optimizer), "--output", dir + "/other");
    assertEquals("converged", run.status(), run.termination().describe());
    double optimum = Objects.requireNonNull(lbfgs.objective().value());
    // both are certified to 1e-10, relative
    assertEquals(optimum, Objects.requireNonNull(run.objective().value()), 1e-10 * optimum);
  }

  @Test
  void theSummarySaysWhatAutoChoseAndWhy() {
    RunSummary run = CommandLineRun.train(dir, config(""));
    String note =
        run.notes().stream().filter(n -> n.startsWith("optimizer: auto")).findFirst().orElseThrow();
    assertTrue(note.contains("chose lbfgs {") && note.contains(": with "), note);
  }

  @Test
  void patienceEndsARunThatNoLongerImproves() {
    RunSummary run =
        CommandLineRun.train(
            dir,
            config(
                """
                optimizer: {kind: adam, learning-rate: 0.1}
                batch: 50
                epochs: 200
                stopping: {patience: {metric: log-loss, rounds: 3}}
                """));
    assertTrue(run.iterations() < 200 * 16, run.termination().describe());
    assertTrue(run.termination().describe().contains("log-loss"), run.termination().describe());
    double best = Double.POSITIVE_INFINITY;
    int since = 0;
    for (Row row : iterations(dir.resolve("run"))) {
      Double value = row.getAs("validation_metric");
      if (value != null) {
        since = value < best ? 0 : since + 1;
        best = Math.min(best, value);
      }
    }
    assertEquals(3, since, "rounds without improvement");
  }

  @Test
  void withoutAPenaltyTheGapIsAnEstimateAndNothingIsCertified() {
    RunSummary run =
        CommandLineRun.train(dir, config("penalty: {l2: 0}\nfeatures: {numeric: [amount, age]}\n"));
    assertEquals("converged", run.status());
    assertTrue(
        String.valueOf(run.termination().criterion()).contains("estimate"),
        run.termination().describe());
    assertNull(run.certificate().relativeGap());
    assertTrue(
        run.certificate().explanation().contains("penalty"), run.certificate().explanation());
  }

  private Map<String, Double> weights() {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (Row row :
        LocalSpark.session().read().parquet(dir.resolve("run/model").toString()).collectAsList()) {
      weights.put(row.getAs("feature"), row.getAs("value"));
    }
    return weights;
  }

  @Test
  void anElasticNetSelectsFeaturesAndIsCertified() {
    RunSummary run =
        CommandLineRun.train(dir, config("penalty: {l1: 5e-3, l2: 1e-3}\nstopping: {gap: 1e-9}\n"));
    assertEquals("converged", run.status());
    assertEquals("gap", run.termination().criterion());
    assertTrue(Objects.requireNonNull(run.certificate().relativeGap()) <= 1e-9);
    Map<String, Double> weights = weights();
    long selected =
        weights.entrySet().stream()
            .filter(e -> !e.getKey().equals(SavedModel.INTERCEPT) && e.getValue() != 0)
            .count();
    assertEquals(selected, run.features().selected());
    assertTrue(selected > 5 && selected < run.features().dimension(), selected + " selected");
    assertTrue(Objects.requireNonNull(run.objective().kktResidual()) < 1e-3);
  }

  @Test
  void factorsSpareFeaturesAndBoundsHoldTheirSigns() {
    CommandLineRun.train(
        dir,
        config(
            """
            penalty:
              l1: 1
              factors: {"*": 1, age: 0, "purpose=*": 0.001}
              bounds: {"purpose*": non-negative, age: {upper: -0.01}}
            stopping: {gap: 1e-8}
            """));
    Map<String, Double> weights = weights();
    assertTrue(Objects.requireNonNull(weights.get("age")) <= -0.01, weights.toString());
    assertEquals(0, weights.get("amount"), "an l1 of 1 is above every slope");
    assertTrue(
        weights.entrySet().stream()
            .filter(e -> e.getKey().startsWith("purpose="))
            .allMatch(e -> e.getValue() >= 0));
    assertTrue(
        weights.entrySet().stream()
            .anyMatch(e -> e.getKey().startsWith("purpose=") && e.getValue() > 0),
        weights.toString());
  }

  @Test
  void aRunThatDivergesFailsAndLeavesTheOutputAsItWas() throws IOException {
    Path file = dir.resolve("config.yaml");
    Files.writeString(
        file,
        config("optimizer: {kind: sgd, learning-rate: 1e300}\nbatch: 100\n")
            .replace("{dir}", dir.toString()));
    CommandLineRun run = CommandLineRun.of("train", file.toString());
    assertEquals(1, run.exitCode(), run.err());
    assertTrue(run.out().contains("failed: step"), run.out());
    assertFalse(Files.exists(dir.resolve("run")));
    RunSummary failed = CommandLineRun.summary(dir.resolve(".run.talweg/failed"));
    assertEquals("failed", failed.status());
    String end = failed.termination().describe();
    assertTrue(end.matches("failed: step \\d+: the objective is .*, that of weights is .*"), end);
    assertTrue(
        failed.warnings().stream()
            .anyMatch(w -> w.contains("went back to the parameters of step 0")),
        failed.warnings().toString());
  }

  @Test
  void aBudgetOfTimeEndsARun() {
    RunSummary run =
        CommandLineRun.train(
            dir,
            config(
                """
                optimizer: {kind: sgd, learning-rate: 1e-6}
                batch: 10
                epochs: 100000
                stopping: {time: 1s}
                """));
    assertEquals("exhausted", run.status());
    assertTrue(run.termination().describe().contains("time"), run.termination().describe());
  }

  @Test
  void anInterruptedRunIsNotForgottenSilently() throws IOException {
    Files.createDirectories(dir.resolve(".run.talweg/checkpoints/step-0000000005"));
    Path file = dir.resolve("config.yaml");
    Files.writeString(file, config("").replace("{dir}", dir.toString()));
    CommandLineRun run = CommandLineRun.done("train", file.toString());
    assertTrue(run.err().contains("--resume would have gone on"), run.err());
  }
}
