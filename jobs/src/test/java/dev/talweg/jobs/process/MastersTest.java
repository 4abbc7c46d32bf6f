package dev.talweg.jobs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.CommandLineRun;
import dev.talweg.jobs.run.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same bits on any master, by the launcher and by the real spark-submit. */
@Tag("process")
class MastersTest {
  private static final String LBFGS = "stopping: {gap: 1e-9}";

  @TempDir static Path dir;
  private static final Map<String, RunSummary> ONE_THREAD = new HashMap<>();

  @BeforeAll
  static void onOneThread() throws IOException {
    for (String kind : List.of("lbfgs", "softmax", "adam", "net", "rounds")) {
      ONE_THREAD.put(kind, launched("local[1]", kind));
    }
  }

  private static RunSummary trained(String kind) {
    return Objects.requireNonNull(ONE_THREAD.get(kind));
  }

  private static RunSummary launched(String master, String kind) throws IOException {
    String name = kind + master.replaceAll("[^a-z0-9]", "");
    TalwegProcess.start("--master", master, "train", config(name, kind)).done();
    return CommandLineRun.summary(dir.resolve(name));
  }

  private static String config(String name, String kind) throws IOException {
    Path file = dir.resolve(name + ".yaml");
    Files.writeString(
        file,
        """
        seed: 7
        data:
          train: %s
          label: %s
          keys: [ID]
          validation: {fraction: 0.2}
        features: {numeric: ["*AMT*", LIMIT_BAL, AGE], categorical: [SEX, EDUCATION, PAY_0]}
        model: %s
        partitions: 5
        output: %s
        %s
        """
            .formatted(
                CommandLineRun.sample("uci-default/UCI_Credit_Card.csv"),
                kind.equals("softmax") ? "MARRIAGE" : "default.payment.next.month",
                switch (kind) {
                  case "net" ->
                      "{kind: perceptron, hidden: [9, 5], batch-norm: true, dropout: 0.1}";
                  case "softmax" -> "multinomial";
                  default -> "logistic";
                },
                dir.resolve(name),
                switch (kind) {
                  case "softmax" -> "penalty: {l1: 1e-3}";
                  case "adam" -> "optimizer: adam\nbatch: 2000\nepochs: 2";
                  case "net" -> "batch: 500\nepochs: 2";
                  case "rounds" ->
                      """
                      optimizer: momentum
                      batch: 500
                      epochs: 2
                      local-steps: 5
                      local: {average: counts, outer: {kind: adam, learning-rate: 0.1}}
                      """;
                  default -> LBFGS;
                }));
    return file.toString();
  }

  private static void same(RunSummary expected, RunSummary run) {
    assertEquals(expected.partitions(), run.partitions());
    assertEquals(expected.fingerprint(), run.fingerprint());
    assertEquals(expected.objective(), run.objective());
    assertEquals(expected.metrics(), run.metrics());
  }

  @ParameterizedTest
  @CsvSource({
    "local[2], adam",
    "'local-cluster[2,1,1024]', lbfgs",
    "local[2], softmax",
    "'local-cluster[2,1,1024]', softmax",
    "'local-cluster[2,1,1024]', adam",
    "'local-cluster[2,1,1024]', net",
    "'local-cluster[2,1,1024]', rounds",
  })
  void theBitsDoNotDependOnTheMaster(String master, String kind) throws IOException {
    same(trained(kind), launched(master, kind));
  }

  @Test
  void theQuickCompilerTrainsTheSameBitsWithoutLanes() throws IOException {
    String name = "quick";
    TalwegProcess.start("train", "--quick", "--master", "local[2]", config(name, "adam")).done();
    RunSummary run = CommandLineRun.summary(dir.resolve(name));
    same(trained("adam"), run);
    assertEquals("scalar", run.environment().kernels());
    assertEquals("auto: scalar", trained("adam").environment().kernels());
  }

  @Test
  void sparkSubmitTrainsTheSameBitsOnExecutors() throws IOException {
    String name = "submitted";
    TalwegProcess.submit(
            List.of("--master", "local-cluster[2,1,1024]"), "train", config(name, "lbfgs"))
        .done();
    submittedTheSame(name);
  }

  private static void submittedTheSame(String name) throws IOException {
    RunSummary run = CommandLineRun.summary(dir.resolve(name));
    RunSummary lbfgs = trained("lbfgs");
    assertEquals(lbfgs.fingerprint().model(), run.fingerprint().model());
    assertEquals(lbfgs.metrics(), run.metrics());
  }

  @Test
  void everyVerbWorksThroughSparkSubmit() throws IOException {
    String data = CommandLineRun.sample("uci-default/UCI_Credit_Card.csv");
    String model = dir.resolve("lbfgslocal1").toString();
    submitted("converged", "train", config("verbs", "lbfgs"));
    submittedTheSame("verbs");
    submitted("default.payment.next.month", "check", config("verbs2", "lbfgs"));
    submitted(
        "30,000 rows, 0 of them",
        "predict",
        "--model",
        model,
        "--data",
        data,
        "--output",
        dir + "/scores");
    submitted("auc-roc", "evaluate", "--model", model, "--data", data);
    submitted("label: default.payment.next.month", "describe", "--data", data);
    submitted("report.html", "report", model);
    submitted("lbfgs", "list", "optimizers");
  }

  private static void submitted(String says, String... arguments) {
    TalwegProcess run = TalwegProcess.submit(List.of("--master", "local[2]"), arguments).done();
    assertTrue(run.output().contains(says), run.output());
  }

  @Test
  void wrongInputEndsSparkSubmitWithItsMessage() throws IOException {
    TalwegProcess run =
        TalwegProcess.submit(
            List.of("--master", "local[2]"),
            "train",
            config("wrong", "lbfgs"),
            "--set",
            "data.label=defualt");
    assertEquals(2, run.exitCode(), run.output());
    assertTrue(run.output().contains("no column defualt"), run.output());
  }
}
