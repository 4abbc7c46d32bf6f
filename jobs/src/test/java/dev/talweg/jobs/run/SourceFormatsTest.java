package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same rows from any format, in any shape of files. */
class SourceFormatsTest {
  private static final String CONFIG =
      """
      seed: 3
      data:
        train: {dir}/%s
        %s
        label: {column: default, positive: "yes"}
        validation: {fraction: 0.2}
      features:
        numeric: [months_loan_duration, amount, age]
        categorical: [checking_balance, purpose]
      model: logistic
      penalty: {l2: 1e-3}
      stopping: {gap: 1e-8}
      partitions: 1
      output: {dir}/out-%s
      """;

  @TempDir static Path dir;
  static RunSummary expected;

  @BeforeAll
  static void writeTheSameRowsInEveryFormat() throws IOException {
    Dataset<Row> rows =
        LocalSpark.session()
            .read()
            .option("header", "true")
            .option("inferSchema", "true")
            .csv(CommandLineRun.sample("german-credit/credit.csv"))
            .coalesce(1)
            .cache();
    rows.write().parquet(dir + "/rows.parquet");
    rows.write().orc(dir + "/rows.orc");
    rows.write().json(dir + "/rows.json");
    rows.write().option("compression", "gzip").json(dir + "/rows.jsonl.gz");
    rows.write().option("header", "true").csv(dir + "/rows.csv");
    rows.write().option("header", "true").option("compression", "gzip").csv(dir + "/zipped.csv");
    rows.write().option("header", "true").option("delimiter", ";").csv(dir + "/semicolons.csv");
    rows.createOrReplaceTempView("german_credit");
    try (Stream<Path> files = Files.list(dir.resolve("rows.csv"))) {
      Path file = files.filter(f -> f.toString().endsWith(".csv")).findFirst().orElseThrow();
      Files.copy(file, dir.resolve("single.csv"));
      Files.createDirectories(dir.resolve("glob/2026-10"));
      Files.copy(file, dir.resolve("glob/2026-10/part.csv"));
    }
    expected = train("rows.parquet", "parquet", "parquet");
  }

  private static RunSummary train(String file, String format, String output) {
    String line = format.isEmpty() ? "bad-rows: fail" : "format: " + format;
    return CommandLineRun.train(dir, CONFIG.formatted(file, line, output));
  }

  @ParameterizedTest
  @CsvSource({
    "rows.orc, orc",
    "rows.json, json",
    "rows.jsonl.gz, json",
    "rows.csv, csv",
    "zipped.csv, csv",
    "single.csv, ''",
    "glob/*/*.csv, ''",
    "rows.parquet/*.parquet, ''",
  })
  void theSameRowsInAnyFormatTrainTheSameBits(String file, String format) {
    RunSummary run = train(file, format, file.replaceAll("[^a-z]", ""));
    assertEquals(expected.rows(), run.rows());
    assertEquals(expected.fingerprint().model(), run.fingerprint().model());
    assertEquals(expected.fingerprint().data(), run.fingerprint().data());
  }

  @Test
  void optionsReachSparksReader() {
    String yaml = CONFIG.formatted("semicolons.csv", "options: {delimiter: ';'}", "semicolons");
    RunSummary run = CommandLineRun.train(dir, yaml);
    assertEquals(expected.fingerprint().model(), run.fingerprint().model());
  }

  @Test
  void aTableOfTheCatalogIsASource() {
    String yaml =
        CONFIG
            .formatted("x", "bad-rows: fail", "table")
            .replace("train: {dir}/x", "table: german_credit");
    RunSummary run = CommandLineRun.train(dir, yaml);
    assertEquals(expected.fingerprint().model(), run.fingerprint().model());
  }

  /** It is in files, and cut by their size as these are. */
  @Test
  void aTableInFilesHasThePartitionsOfItsFiles() {
    Dataset<Row> rows = LocalSpark.session().read().parquet(dir + "/rows.parquet");
    rows.coalesce(1).write().option("path", dir + "/of a table").saveAsTable("filed");
    try {
      String byPath = CONFIG.formatted("of a table", "bad-rows: fail", "by-path");
      String byName =
          CONFIG
              .formatted("x", "bad-rows: fail", "by-name")
              .replace("train: {dir}/x", "table: filed");
      RunSummary path = CommandLineRun.train(dir, byPath);
      RunSummary table = CommandLineRun.train(dir, byName);
      assertEquals(path.partitions(), table.partitions());
      assertEquals(path.fingerprint().model(), table.fingerprint().model());
    } finally {
      LocalSpark.session().sql("drop table filed");
    }
  }

  @Test
  void severalPathsAreOneSource() throws IOException {
    Dataset<Row> rows = LocalSpark.session().read().parquet(dir + "/rows.parquet");
    rows.limit(400).coalesce(1).write().mode(SaveMode.Overwrite).parquet(dir + "/first.parquet");
    rows.exceptAll(rows.limit(400)).coalesce(1).write().parquet(dir + "/second.parquet");
    String yaml =
        CONFIG
            .formatted("x", "bad-rows: fail", "several")
            .replace(
                "train: {dir}/x", "train: [\"{dir}/first.parquet\", \"{dir}/second.parquet\"]");
    RunSummary run = CommandLineRun.train(dir, yaml);
    assertEquals(
        expected.rows().train() + expected.rows().validation(),
        run.rows().train() + run.rows().validation());
    assertNotEquals(expected.fingerprint().model(), run.fingerprint().model());
  }

  @Test
  void libsvmLinesTrainAndPredict() {
    RunSummary run =
        CommandLineRun.train(
            dir,
            """
            data: {train: %s, label: label, validation: {fraction: 0.2}}
            model: logistic
            penalty: {l2: 1e-4}
            output: {dir}/mushrooms
            """
                .formatted(CommandLineRun.sample("mushrooms/mushrooms.libsvm")));
    assertEquals("converged", run.status());
    assertEquals(8124, run.rows().train() + run.rows().validation());
    // a perfectly separable set: the ranking has no error
    assertEquals(1.0, CommandLineRun.metric(run, "validation", "auc-roc"), 1e-6);
    CommandLineRun predicted =
        CommandLineRun.done(
            "predict",
            "--model",
            dir + "/mushrooms",
            "--data",
            CommandLineRun.sample("mushrooms/mushrooms.libsvm"),
            "--output",
            dir + "/scores");
    assertTrue(predicted.out().contains("8,124 rows, 0 of them"), predicted.out());
  }
}
