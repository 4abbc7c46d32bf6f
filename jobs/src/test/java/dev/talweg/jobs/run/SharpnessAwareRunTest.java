package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code optimizer: {sharpness: …}}: two gradients of each batch. */
class SharpnessAwareRunTest {
  private static final String FRAME =
      """
      seed: 3
      data: {train: %s, label: {column: default, positive: "yes"}, validation: {fraction: 0.2}}
      features: {numeric: [age, amount], categorical: [job]}
      model: logistic
      optimizer: {kind: momentum, learning-rate: 0.05, sharpness: 0.05}
      batch: 100
      epochs: 3
      partitions: 2
      checkpoint: {every: 5}
      output: {dir}/%s
      """;

  private static final String GERMAN = CommandLineRun.sample("german-credit/credit.csv");

  @TempDir static Path dir;

  @Test
  void anEpochHasTwoStepsForEachBatch() {
    RunSummary run = CommandLineRun.train(dir, FRAME.formatted(GERMAN, "whole"));
    long batches = (run.rows().train() + 99) / 100;
    assertEquals(3 * 2 * batches, run.iterations());
    List<Row> validated =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("whole/iterations").toString())
            .where("validation_metric is not null")
            .orderBy("step")
            .collectAsList();
    assertEquals(
        List.of(0L, 2 * batches, 4 * batches, 6 * batches),
        validated.stream().map(row -> row.<Long>getAs("step")).toList());
    assertEquals(3.0, validated.get(3).<Double>getAs("epoch"));
  }

  @Test
  void aRunThatIsResumedBetweenTheTwoIsTheRunThatWentOn() {
    String whole =
        CommandLineRun.train(dir, FRAME.formatted(GERMAN, "uncut")).fingerprint().model();
    assertEquals(
        whole, CutRun.resumed(dir, FRAME.formatted(GERMAN, "cut"), 21).fingerprint().model());
  }
}
