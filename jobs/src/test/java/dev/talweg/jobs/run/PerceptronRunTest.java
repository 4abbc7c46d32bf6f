package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code model: perceptron} from a file to a saved model, predictions and metrics. */
class PerceptronRunTest {
  private static final String GERMAN = CommandLineRun.sample("german-credit/credit.csv");

  private static final String FRAME =
      """
      seed: 7
      data: {train: %s, label: %s, keys: [phone]}
      features: {numeric: [%s], categorical: [%s]}
      model: {kind: perceptron, hidden: [6, 5], dropout: 0.2, %s}
      batch: 64
      epochs: 5
      partitions: 3
      output: {dir}/%s
      """;

  @TempDir static Path dir;

  @ParameterizedTest(name = "{3}")
  @CsvSource({
    "'{column: default, positive: \"yes\"}', 'layer-norm: true, activation: tanh', log-loss, binary,"
        + " purpose",
    "'{column: default, positive: \"yes\"}', 'batch-norm: true, batch-norm-form: cumulative, activation:"
        + " relu', log-loss, sparse, '{column: purpose, hash-bits: 16}'",
    "housing, 'layer-norm: true, activation: gelu, label-smoothing: 0.1', log-loss, classes, purpose",
    "amount, 'batch-norm: true, batch-norm-form: keras, activation: selu, loss: squared', rmse,"
        + " real, purpose"
  })
  void whatItPredictsIsWhatItsMetricsAreOf(
      String label, String model, String metric, String name, String categorical) {
    String numeric = name.equals("real") ? "age" : "age, amount";
    RunSummary run =
        CommandLineRun.train(
            dir, FRAME.formatted(GERMAN, label, numeric, categorical + ", job", model, name));
    assertEquals("exhausted", run.status(), run.termination().describe());
    assertEquals(5 * 16, run.iterations());

    String saved = dir.resolve(name).toString();
    String output = dir.resolve(name + "-predicted").toString();
    CommandLineRun.done("predict", "--model", saved, "--data", GERMAN, "--output", output);
    List<Row> rows = LocalSpark.session().read().parquet(output).collectAsList();
    double sum = 0;
    for (Row row : rows) {
      sum += loss(row, name);
    }
    double mean = sum / rows.size();
    double expected = CommandLineRun.metric(run, "train", metric);
    // the same thousand terms, added in another order
    assertEquals(expected, name.equals("real") ? Math.sqrt(mean) : mean, 1e-12 * expected);

    CommandLineRun evaluated = CommandLineRun.done("evaluate", "--model", saved, "--data", GERMAN);
    String printed = String.format(Locale.ROOT, "%-18s %.6f", metric, expected);
    assertTrue(evaluated.out().contains(printed), evaluated.out() + " has no " + printed);
  }

  private static double loss(Row row, String name) {
    if (name.equals("real")) {
      double residual = row.<Double>getAs("value") - row.<Double>getAs("label");
      return residual * residual;
    } else if (name.equals("classes")) {
      List<Double> probabilities = row.getList(row.fieldIndex("probabilities"));
      int label = List.of("other", "own", "rent").indexOf(row.<String>getAs("label"));
      return -Math.log(probabilities.get(label));
    }
    double p = row.<Double>getAs("probability");
    return -Math.log(row.<Double>getAs("label") == 1 ? p : 1 - p);
  }

  @Test
  void theTableOfTheModelNamesLayersAndFeatures() {
    CommandLineRun.train(
        dir,
        FRAME.formatted(
            GERMAN,
            "{column: default, positive: \"yes\"}",
            "age, amount",
            "job",
            "layer-norm: true, activation: relu",
            "tables"));
    List<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("tables/model").toString())
            .select("slice", "feature")
            .collectAsList();
    Map<String, Long> slices =
        rows.stream().collect(Collectors.groupingBy(r -> r.getString(0), Collectors.counting()));
    long features = rows.stream().filter(r -> r.getString(1).equals("age")).count();
    assertEquals(6, features);
    assertEquals(
        Map.of(
            "layer-1.weights", 6L * (2 + 4),
            "layer-1.biases", 6L,
            "layer-1.scales", 6L,
            "layer-1.shifts", 6L,
            "layer-2.weights", 30L,
            "layer-2.biases", 5L,
            "layer-2.scales", 5L,
            "layer-2.shifts", 5L,
            "layer-3.weights", 5L,
            "layer-3.biases", 1L),
        slices);
  }

  @ParameterizedTest
  @CsvSource({
    "steps, batch-norm, 'checkpoint: {every: 10}', 23",
    "rounds, layer-norm, 'checkpoint: {every: 3}\nlocal-steps: 3\nlocal: {outer: {momentum: 0.9}}',"
        + " 7",
    "plateau, batch-norm, 'checkpoint: {every: 13}\noptimizer: {kind: adamw, freeze: layer-2.biases,"
        + " groups: [{slices: layer-1.*, rate-factor: 0.5}], learning-rate: {kind: plateau, start:"
        + " 0.05, patience: 0, threshold: 0.2, factor: 0.5}}', 41"
  })
  void aResumedRunIsTheRunThatWentOn(String name, String norm, String more, long until) {
    String frame =
        FRAME.formatted(
                GERMAN,
                "{column: default, positive: \"yes\"}, validation: {fraction: 0.2}",
                "age, amount",
                "purpose, job",
                norm + ": true, activation: relu",
                "%s")
            + more
            + "\n";
    RunSummary uncut = CommandLineRun.train(dir, frame.formatted(name + "-uncut"));
    RunSummary resumed = CutRun.resumed(dir, frame.formatted(name + "-cut"), until);
    assertEquals(uncut.fingerprint().model(), resumed.fingerprint().model());
  }

  /** The rate falls after the second epoch, which is no half better, and cannot after the third. */
  @Test
  void aRunMayFollowItsObjectiveInsteadOfValidationRows() {
    String frame =
        FRAME.formatted(
                GERMAN,
                "{column: default, positive: \"yes\"}",
                "age, amount",
                "purpose, job",
                "layer-norm: true, activation: relu",
                "%s")
            + """
            checkpoint: {every: 10}
            stopping: {patience: {metric: objective, rounds: 4, tolerance: 0.01}}
            optimizer:
              kind: adamw
              learning-rate:
                {kind: plateau, form: sklearn, start: 0.01, factor: 0.1, patience: 1,
                 threshold: 0.5, improvement: absolute, end: 0.001}
            """;
    RunSummary run = CommandLineRun.train(dir, frame.formatted("objective"));
    assertEquals(3 * 16, run.iterations(), run.termination().describe());
    assertTrue(run.termination().describe().contains("least rate"), run.termination().describe());
    List<Row> steps =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("objective/iterations").toString())
            .orderBy("step")
            .collectAsList();
    for (int epoch = 1; epoch <= 3; epoch++) {
      double mean =
          steps.subList(16 * (epoch - 1), 16 * epoch).stream()
              .mapToDouble(step -> step.<Double>getAs("objective"))
              .average()
              .orElseThrow();
      assertEquals(mean, steps.get(16 * epoch).<Double>getAs("validation_metric"));
    }
    RunSummary resumed = CutRun.resumed(dir, frame.formatted("objective-cut"), 38);
    assertEquals(run.fingerprint().model(), resumed.fingerprint().model());
    assertEquals(3 * 16, resumed.iterations());
  }

  @Test
  void theTrainMetricOfAllRowsIsTheLossWithoutItsPenalty() {
    RunSummary run =
        CommandLineRun.train(
            dir,
            FRAME
                    .formatted(
                        GERMAN,
                        "{column: default, positive: \"yes\"}",
                        "age, amount",
                        "job",
                        "activation: tanh",
                        "whole")
                    .replace("dropout: 0.2", "dropout: 0")
                    .replace("batch: 64", "batch: 1000")
                + "penalty: {l2: 0.1}\n");
    Row last =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("whole/iterations").toString())
            .orderBy("step")
            .collectAsList()
            .get(5);
    double expected = CommandLineRun.metric(run, "train", "log-loss");
    // the same thousand terms in another order, after a penalty was added and taken away
    assertEquals(expected, last.<Double>getAs("train_metric"), 1e-12 * expected);
    assertTrue(last.<Double>getAs("objective") > expected + 1e-3);
  }

  @Test
  void aRateIsFoundAndDrawn() throws IOException {
    Path file = dir.resolve("rate.yaml");
    Files.writeString(
        file,
        FRAME
            .formatted(
                GERMAN,
                "{column: default, positive: \"yes\"}",
                "age, amount",
                "purpose, job",
                "activation: relu",
                "rate")
            .replace("{dir}", dir.toString()));
    CommandLineRun run =
        CommandLineRun.done("find-rate", file.toString(), "--steps", "60", "--to", "1e4");
    assertTrue(run.out().contains("optimizer.learning-rate: "), run.out());
    Path output = dir.resolve("rate.find-rate");
    JsonNode found = new ObjectMapper().readTree(output.resolve("find-rate.json").toFile());
    double steepest = found.path("suggested").path("steepest").asDouble();
    assertTrue(steepest > 1e-7 && steepest < 10, found.path("suggested").toString());
    assertEquals(1e-7, found.path("points").path(0).path("rate").asDouble());
    assertTrue(Files.readString(output.resolve("find-rate.html")).contains("\"steepest\""));
    assertEquals(2, CommandLineRun.of("find-rate", file.toString(), "--steps", "3").exitCode());
    CommandLineRun without =
        CommandLineRun.of("find-rate", file.toString(), "--set", "optimizer=rprop");
    assertEquals(2, without.exitCode(), without.err());
    assertTrue(without.err().contains("no learning rate"), without.err());
  }

  @Test
  void gradientsAreWatchedSliceBySlice() {
    RunSummary run =
        CommandLineRun.train(
            dir,
            FRAME.formatted(
                GERMAN,
                "{column: default, positive: \"yes\"}",
                "age, amount",
                "purpose, job",
                "layer-norm: true, activation: relu",
                "watched"));
    List<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("watched/slices").toString())
            .collectAsList();
    assertEquals((run.iterations() + 1) * 10, rows.size());
    long dead = rows.stream().filter(row -> row.<Double>getAs("dead_units") != null).count();
    assertEquals((run.iterations() + 1) * 2, dead);
  }
}
