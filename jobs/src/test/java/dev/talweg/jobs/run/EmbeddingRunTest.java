package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code model: {embedding: …}} from a file to predictions, and from one run to the next. */
class EmbeddingRunTest {
  private static final String FRAME =
      """
      seed: 7
      data: {train: {dir}/%s, label: {column: default, positive: "yes"}, keys: [phone]}
      features: {numeric: [age, amount], categorical: [purpose, housing, {column: job, hash-bits: 3}]}
      model: {kind: perceptron, hidden: [5], batch-norm: true, embedding: %s}
      optimizer: {kind: adamw, learning-rate: 0.01, decay-of: weights%s}
      batch: 100
      epochs: 2
      partitions: 2
      checkpoint: {every: 4}
      warm-start: %s
      output: {dir}/%s
      """;
  private static final String WIDTHS = "{columns: {purpose: 3, hous*: none}, others: auto}";
  private static final String GROUPS =
      ", groups: [{slices: embedding.*, rate-factor: 0.5}, {slices: embedding.job, weight-decay: 0}]";

  @TempDir static Path dir;

  /** Rows of one purpose are not there at first. */
  @BeforeAll
  static void anEarlierNet() throws IOException {
    String rows = Files.readString(Path.of(CommandLineRun.sample("german-credit/credit.csv")));
    Files.writeString(dir.resolve("all.csv"), rows);
    Files.writeString(
        dir.resolve("fewer.csv"),
        rows.lines().filter(line -> !line.contains("education")).collect(Collectors.joining("\n")));
    CommandLineRun.train(dir, FRAME.formatted("fewer.csv", WIDTHS, GROUPS, "null", "earlier"));
  }

  private static RunSummary earlier() {
    return CommandLineRun.summary(dir.resolve("earlier"));
  }

  @Test
  void whatItPredictsIsWhatItsMetricsAreOf() {
    String output = dir.resolve("predicted").toString();
    String rows = dir.resolve("fewer.csv").toString();
    String saved = dir.resolve("earlier").toString();
    CommandLineRun.done("predict", "--model", saved, "--data", rows, "--output", output);
    double sum = 0;
    List<Row> predicted = LocalSpark.session().read().parquet(output).collectAsList();
    for (Row row : predicted) {
      double p = row.<Double>getAs("probability");
      sum -= Math.log(row.<Double>getAs("label") == 1 ? p : 1 - p);
    }
    double expected = CommandLineRun.metric(earlier(), "train", "log-loss");
    // the same terms, some hundreds, added in another order
    assertEquals(expected, sum / predicted.size(), 1e-12 * expected);
  }

  @Test
  void tablesHaveARowForEachLevelAndTheFirstLayerOneForEachOfTheirUnits() {
    List<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("earlier/model").toString())
            .collectAsList();
    Map<String, Long> slices =
        rows.stream()
            .collect(Collectors.groupingBy(r -> r.<String>getAs("slice"), Collectors.counting()));
    long purposes = levels(rows, "purpose");
    long housings = levels(rows, "housing");
    long jobs = levels(rows, "job");
    long width = Math.round(1.6 * Math.pow((double) jobs, 0.56));
    assertTrue(purposes == 5 && housings == 3 && jobs == 8, slices.toString());
    assertEquals(3 * purposes, slices.get("embedding.purpose"));
    assertEquals(width * jobs, slices.get("embedding.job"));
    assertEquals(5 * (2 + housings + 3 + width), slices.get("layer-1.weights"));
    assertEquals(5L, slices.get("layer-1.scales"));
  }

  private static long levels(List<Row> rows, String column) {
    return rows.stream()
        .filter(row -> column.equals(row.<String>getAs("column")))
        .map(row -> row.<String>getAs("feature"))
        .distinct()
        .count();
  }

  @Test
  void aResumedRunIsTheRunThatWentOn() {
    String frame = FRAME.formatted("fewer.csv", WIDTHS, GROUPS, "null", "cut");
    RunSummary resumed = CutRun.resumed(dir, frame, 11);
    assertEquals(earlier().fingerprint().model(), resumed.fingerprint().model());
  }

  private static Map<String, Double> parameters(String run) {
    Map<String, Double> parameters = new HashMap<>();
    Map<String, Integer> units = new HashMap<>();
    for (Row row :
        LocalSpark.session()
            .read()
            .parquet(dir.resolve(run + "/model").toString())
            .orderBy("index")
            .collectAsList()) {
      String name = row.<String>getAs("slice") + " " + row.<String>getAs("feature");
      parameters.put(name + " " + units.merge(name, 1, Integer::sum), row.getAs("value"));
    }
    return parameters;
  }

  @Test
  void newLevelsGetRowsOfTheirOwnAndTheOthersKeepTheirs() {
    RunSummary run =
        CommandLineRun.train(
            dir,
            FRAME.formatted(
                "all.csv",
                WIDTHS,
                ", freeze: [\"*.weights\", \"embedding.*\", layer-1.biases]",
                "{dir}/earlier",
                "grown"));
    assertTrue(
        run.notes().stream().anyMatch(note -> note.contains("1 are new and get fresh ones")),
        run.notes().toString());
    assertTrue(
        run.warnings().stream().anyMatch(w -> w.contains("embedding.purpose is frozen")),
        run.warnings().toString());
    Map<String, Double> before = parameters("earlier");
    Map<String, Double> after = parameters("grown");
    assertEquals(before.size() + 3, after.size());
    before.forEach(
        (name, value) -> {
          if (name.contains("weights") || name.startsWith("embedding.")) {
            assertEquals(value, after.get(name), name);
          }
        });
    assertTrue(after.containsKey("embedding.purpose purpose=education 3"), after.toString());
  }

  @Test
  void aTableOfAnotherWidthIsRefusedWithTheOneThereIs() throws IOException {
    Path file = dir.resolve("wider.yaml");
    String wider = "{columns: {purpose: 4, hous*: none}, others: auto}";
    Files.writeString(
        file,
        FRAME
            .formatted("fewer.csv", wider, "", "{dir}/earlier", "wider")
            .replace("{dir}", dir.toString()));
    CommandLineRun run = CommandLineRun.of("train", file.toString());
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(
        run.err()
            .contains(
                "the embedding of purpose is 3 there and 4 here; write model: {embedding:"
                    + " {columns: {purpose: 3}}}"),
        run.err());
  }
}
