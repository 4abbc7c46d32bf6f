package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schedule: one configuration, a run each night, yesterday's model at hand. */
class NightlyRunTest {
  private static final String NIGHTLY =
      """
      seed: 2
      data:
        train: {dir}/data/${date}.csv
        label: {column: default, positive: "yes"}
        validation: {fraction: 0.3}
      model: logistic
      warm-start: {dir}/runs/latest
      output: {dir}/runs/${date}
      """;
  private static final String PROMOTE = "promote: {metric: auc-roc, tolerance: 0.005}\n";

  @TempDir Path dir;

  @BeforeEach
  void dataOfThreeNights() throws IOException {
    Files.createDirectories(dir.resolve("data"));
    String rows = Files.readString(Path.of(CommandLineRun.sample("german-credit/credit.csv")));
    for (int day = 1; day <= 3; day++) {
      Files.writeString(dir.resolve("data/2026-03-0" + day + ".csv"), rows);
    }
  }

  private CommandLineRun night(String date, String more, String... options) throws IOException {
    Path file = dir.resolve("nightly.yaml");
    Files.writeString(file, (NIGHTLY + more).replace("{dir}", dir.toString()));
    List<String> arguments =
        new ArrayList<>(List.of("train", file.toString(), "--set", "date=" + date));
    arguments.addAll(List.of(options));
    return CommandLineRun.of(arguments.toArray(new String[0]));
  }

  private CommandLineRun done(CommandLineRun run) {
    assertEquals(0, run.exitCode(), run.err() + run.out());
    return run;
  }

  private RunSummary run(String name) {
    return CommandLineRun.summary(dir.resolve("runs").resolve(name));
  }

  private List<String> beside() throws IOException {
    try (var files = Files.list(dir.resolve("runs"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aNightBeginsAtTheNewestFinishedRunOfAnEarlierDay() throws IOException {
    CommandLineRun first = done(night("2026-03-02", PROMOTE));
    assertTrue(first.err().contains("latest: there is no finished run yet"), first.err());
    assertNull(run("2026-03-02").promotion());

    Files.createDirectories(dir.resolve("runs/2026-03-02.5"));
    CommandLineRun second = done(night("2026-03-03", PROMOTE));
    assertTrue(
        second.err().contains("warm start from " + dir + "/runs/2026-03-02: "), second.err());
    RunSummary.Promotion promotion = Objects.requireNonNull(run("2026-03-03").promotion());
    assertTrue(promotion.published());
    // the same file, seed and so the same held-out rows: the bits that the earlier run measured
    assertEquals(
        CommandLineRun.metric(run("2026-03-02"), "validation", "auc-roc"),
        promotion.referenceValue());
    assertEquals(run("2026-03-02").rows().validation(), promotion.rows());

    CommandLineRun backfill = done(night("2026-03-01", ""));
    assertTrue(
        backfill.err().contains("there is no finished run yet"),
        "a day that is done later knows no later day: " + backfill.err());
  }

  @Test
  void aFinishedNightIsKeptIfConfigurationAndDataAreTheSame() throws IOException {
    done(night("2026-03-01", ""));
    byte[] before = Files.readAllBytes(dir.resolve("runs/2026-03-01/run.json"));

    CommandLineRun again = done(night("2026-03-01", "", "--skip-finished", "--resume"));
    assertTrue(again.err().contains("is finished already"), again.err());
    assertTrue(again.err().contains("nothing to do"), again.err());
    assertEquals(List.of("2026-03-01"), beside());
    assertFalse(again.err().contains("talweg evaluate"), again.err());
    CommandLineRun asked =
        done(night("2026-03-01", "", "--skip-finished", "--set", "evaluation.metrics=[lift@0.1]"));
    assertTrue(asked.err().contains("talweg evaluate tells"), asked.err());

    assertEquals(2, night("2026-03-01", "").exitCode(), "unless asked, an output is refused");
    CommandLineRun other = night("2026-03-01", "", "--skip-finished", "--set", "penalty.l2=1e-3");
    assertEquals(2, other.exitCode());
    assertTrue(other.err().contains("penalty.l2 is 0.001, was 1.0E-4"), other.err());
    assertFalse(other.err().contains("reading the data"), other.err());
    assertTrue(other.err().contains("--overwrite"), other.err());

    Path data = dir.resolve("data/2026-03-01.csv");
    Files.writeString(data, Files.readString(data).lines().limit(900).collect(lines()));
    CommandLineRun moved = night("2026-03-01", "", "--skip-finished");
    assertEquals(2, moved.exitCode());
    assertTrue(moved.err().contains("is finished, from other data (fingerprint"), moved.err());

    assertEquals(
        new String(before, StandardCharsets.UTF_8),
        Files.readString(dir.resolve("runs/2026-03-01/run.json")));
    assertEquals(2, night("2026-03-01", "", "--skip-finished", "--overwrite").exitCode());
  }

  private static Collector<CharSequence, ?, String> lines() {
    return Collectors.joining("\n", "", "\n");
  }

  @Test
  void aModelThatIsWorseIsKeptBesideTheOutputAndIsNoOnesStart() throws IOException {
    done(night("2026-03-01", ""));
    CommandLineRun worse = night("2026-03-02", PROMOTE, "--set", "features.numeric=[age]");
    assertEquals(1, worse.exitCode(), worse.err());
    assertTrue(worse.out().contains("not published: auc-roc 0."), worse.out());
    assertTrue(worse.out().contains("worse by more than promote.tolerance 0.005"), worse.out());
    assertTrue(worse.out().contains("runs/2026-03-02.unpublished"), worse.out());
    assertEquals(List.of("2026-03-01", "2026-03-02.unpublished"), beside());

    RunSummary refused = run("2026-03-02.unpublished");
    RunSummary.Promotion promotion = Objects.requireNonNull(refused.promotion());
    assertFalse(promotion.published());
    assertEquals(CommandLineRun.metric(refused, "validation", "auc-roc"), promotion.value());
    double lost =
        Objects.requireNonNull(promotion.referenceValue())
            - Objects.requireNonNull(promotion.value());
    assertTrue(lost > 0.005, promotion.describe());

    CommandLineRun next = done(night("2026-03-02", "", "--set", "seed=3"));
    assertTrue(next.err().contains("warm start from " + dir + "/runs/2026-03-01"), next.err());
    assertEquals(List.of("2026-03-01", "2026-03-02"), beside());
  }

  @Test
  void whatHasMovedSinceYesterdayIsATableAndAWarning() throws IOException {
    done(night("2026-03-01", ""));
    Path data = dir.resolve("data/2026-03-02.csv");
    List<String> rows = Files.readAllLines(data);
    List<String> heads = List.of(rows.get(0).split(",", -1));
    int amount = heads.indexOf("amount");
    String moved =
        rows.stream()
            .map(row -> row.split(",", -1))
            .map(
                cells -> {
                  if (!cells[amount].equals("amount")) {
                    cells[amount] = String.valueOf(20_000 + Integer.parseInt(cells[amount]));
                  }
                  return String.join(",", cells);
                })
            .collect(lines());
    Files.writeString(data, moved);
    String cold = "reference: {dir}/runs/latest\n"; // begun anew: only the data is compared
    CommandLineRun second = done(night("2026-03-02", cold, "--set", "warm-start=null"));
    assertTrue(second.err().contains("1 column has drifted since"), second.err());

    Map<String, Row> drift = new HashMap<>();
    LocalSpark.session()
        .read()
        .parquet(dir.resolve("runs/2026-03-02/drift").toString())
        .collectAsList()
        .forEach(row -> drift.put(row.getAs("column"), row));
    assertEquals(heads.size() - 1, drift.size(), "every column but the label");
    Row row = Objects.requireNonNull(drift.get("amount"));
    assertEquals("drifted", row.getAs("verdict"));
    // all rows were in tenths, and all are in the last one now: (1 − 0.1) ln 10 + 9 · 0.1 ln(…) > 2
    assertTrue((double) row.getAs("psi") > 2, row.toString());
    assertEquals(1.0, (double) row.getAs("share_now"), 1e-12, row.toString());
    drift.forEach(
        (column, each) -> {
          if (!column.equals("amount")) {
            assertEquals(0.0, each.<Double>getAs("psi"), column + " has the same values");
          }
        });
    RunSummary.Drift summary = Objects.requireNonNull(run("2026-03-02").drift());
    assertEquals(List.of("amount"), summary.drifted());
    assertEquals("amount", summary.largestColumn());
    assertTrue(
        Files.readString(dir.resolve("runs/2026-03-02/report.html")).contains("\"drift\":[{"));
  }
}
