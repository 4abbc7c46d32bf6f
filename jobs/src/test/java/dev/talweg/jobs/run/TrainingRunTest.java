package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import dev.talweg.optimizer.random.CounterRandom;
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
import org.junit.jupiter.params.provider.CsvSource;
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

  /** Proven at every tenth step, and not before: the run ends at the first such that is near. */
  @ParameterizedTest
  @CsvSource({
    "default, logistic, '{kind: adam, learning-rate: 0.1}'",
    "default, logistic, '{kind: momentum, learning-rate: 1}'",
    "default, logistic, '{kind: plain-lbfgs, change-tolerance: 0, gradient-tolerance: 0}'",
    "purpose, multinomial, '{kind: adam, learning-rate: 0.1}'",
  })
  void rulesOfGradientsOverAllRowsEndByAProofToo(String label, String model, String optimizer) {
    String yaml =
        config(
                """
                features: {numeric: [amount, age, months_loan_duration], categorical: [housing]}
                penalty: {l2: 1e-2}
                optimizer: %s
                checkpoint: {every: 1}
                stopping: {gap: 1e-3, max-iterations: 1000}
                """
                    .formatted(optimizer))
            .replace("model: logistic", "model: " + model);
    yaml = label.equals("default") ? yaml : yaml.replaceFirst("label: .*\n", "label: purpose\n");
    RunSummary run = CommandLineRun.train(dir, yaml);
    assertEquals("gap", run.termination().criterion(), run.termination().describe());
    List<Row> states = iterations(dir.resolve("run"));
    for (Row state : states) {
      Double gap = state.getAs("gap");
      long step = state.<Long>getAs("step");
      assertEquals(step % 10 == 0, gap != null, "step " + step);
      assertEquals(step == run.iterations(), gap != null && gap <= 1e-3, "step " + step);
    }
    assertTrue(states.size() > 10, states.size() + " states");
    assertTrue(Objects.requireNonNull(run.certificate().relativeGap()) <= 1e-3);
    String cut = yaml.replace("{dir}/run", "{dir}/cut");
    RunSummary resumed = CutRun.resumed(dir, cut, run.iterations() - 3);
    assertEquals(run.fingerprint().model(), resumed.fingerprint().model());
    assertEquals(run.iterations(), resumed.iterations());
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
    assertTrue(Objects.requireNonNull(run.objective().gapEstimate()) <= 1e-4 / 8, "as it stopped");
    double residual = Objects.requireNonNull(run.objective().kktResidual());
    // of the same point; margins that are summed anew are off by 1e-14, amounts are up to 18,424
    assertEquals(Objects.requireNonNull(run.objective().gradientNorm()), residual, 2e-10);
  }

  @ParameterizedTest
  @CsvSource({
    "'{kind: logistic, loss: focal}', '', the loss focal is not convex, true",
    "'{kind: perceptron, hidden: [3]}', '', the objective of a net is not convex, false",
    "logistic, 'penalty: {l2: 0}', without a penalty on every weight, true",
  })
  void whereNothingIsCertifiedTheReasonIsTheRealOneAndTheResidualIsThatOfTheModel(
      String model, String penalty, String why, boolean residual) {
    String rule = "optimizer: {kind: adam, learning-rate: 0.05}\nbatch: 100\nepochs: 2\n";
    RunSummary run =
        CommandLineRun.train(
            dir, config(rule + penalty).replace("model: logistic", "model: " + model));
    assertNull(run.certificate().relativeGap());
    assertTrue(run.certificate().explanation().startsWith(why), run.certificate().explanation());
    assertNull(run.objective().gapEstimate(), "batches estimate nothing");
    assertEquals(residual, run.objective().kktResidual() != null);
    // that of the last batch is another, in other coordinates
    assertNotEquals(run.objective().gradientNorm(), run.objective().kktResidual());
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
    assertTrue(
        failed.certificate().explanation().startsWith("the run failed"),
        failed.certificate().explanation());
    String end = failed.termination().describe();
    assertTrue(end.matches("failed: step \\d+: the objective is .*, that of weights is .*"), end);
    assertTrue(
        failed.warnings().stream()
            .anyMatch(w -> w.contains("went back to the parameters of step 0")),
        failed.warnings().toString());
  }

  /** A label, and two numbers that tell it in part. */
  private static List<Integer> row(int i) {
    int y = CounterRandom.uniform(1, i, 0, 0) < 0.5 ? 0 : 1;
    return List.of(y, y + i % 7, i % 5 - 2 * y);
  }

  private RunSummary small(String name, String data, String features) {
    String yaml =
        """
        data: {%s}
        features: %s
        model: logistic
        penalty: {l2: 1e-2, standardize: none}
        stopping: {gap: 1e-12}
        output: {dir}/run
        """
            .formatted(data, features);
    return CommandLineRun.train(dir, yaml, "--output", dir.resolve(name).toString());
  }

  /** Both are proven to be within 1e-12 of their optimum, relative, of an objective below 1. */
  private static void assertSameOptimum(RunSummary one, RunSummary other) {
    assertEquals("converged", one.status(), one.termination().describe());
    assertEquals("converged", other.status(), other.termination().describe());
    assertEquals(
        Objects.requireNonNull(one.objective().value()),
        Objects.requireNonNull(other.objective().value()),
        2e-12);
  }

  @Test
  void rowsOfWeightZeroAreRowsThatAreLeftOut() throws IOException {
    StringBuilder rows = new StringBuilder("y,a,b,w\n");
    for (int i = 0; i < 90; i++) {
      List<Integer> r = row(i);
      int w = i % 3;
      int a = w == 0 ? 1_000_000 : r.get(1);
      rows.append(r.get(0) + "," + a + "," + r.get(2) + "," + w + "\n");
    }
    Files.writeString(dir.resolve("rows.csv"), rows);
    String data = "train: {dir}/rows.csv, label: y, weight: w";
    RunSummary all = small("all", data, "{numeric: [a, b]}");
    RunSummary some = small("some", data + ", where: \"w > 0\"", "{numeric: [a, b]}");
    assertEquals(90, all.rows().train());
    assertEquals(60, some.rows().train());
    assertSameOptimum(some, all);
    assertEquals(
        CommandLineRun.metric(some, "train", "auc-roc"),
        CommandLineRun.metric(all, "train", "auc-roc"),
        1e-12);
  }

  @Test
  void rowsWithoutFeaturesAreRowsOfZeros() throws IOException {
    StringBuilder sparse = new StringBuilder();
    StringBuilder dense = new StringBuilder("y,a,b\n");
    for (int i = 0; i < 90; i++) {
      List<Integer> r = row(i);
      boolean none = i % 3 == 1;
      sparse.append(r.get(0) + (none ? "\n" : " 1:" + r.get(1) + " 2:" + r.get(2) + "\n"));
      dense.append(r.get(0) + (none ? ",0,0\n" : "," + r.get(1) + "," + r.get(2) + "\n"));
    }
    Files.writeString(dir.resolve("rows.libsvm"), sparse);
    Files.writeString(dir.resolve("rows.csv"), dense);
    RunSummary run =
        small("sparse", "train: {dir}/rows.libsvm, label: label", "{vector: features}");
    assertEquals(90, run.rows().train());
    String columns = "{numeric: [a, b]}";
    assertSameOptimum(small("dense", "train: {dir}/rows.csv, label: y", columns), run);
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
