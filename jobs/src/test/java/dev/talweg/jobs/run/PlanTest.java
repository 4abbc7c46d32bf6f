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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says of data that can be read whole, and of data that cannot. */
class PlanTest {
  private static final String GOOD_OR_BAD = "{column: default, positive: \"yes\"}";

  @TempDir Path dir;

  private String config(String data, String label) throws IOException {
    Path file = dir.resolve("config.yaml");
    Files.writeString(
        file,
        """
        data: {train: %s, label: %s, validation: {fraction: 0.2}}
        model: logistic
        stopping: {max-iterations: 2}
        output: %s
        """
            .formatted(data, label, dir.resolve("run")));
    return file.toString();
  }

  private static JsonNode json(CommandLineRun run) throws IOException {
    return new ObjectMapper().readTree(run.out());
  }

  /** Of dense rows, on the one core that one partition can use. */
  private static double seconds(RunSummary run, int columns) {
    assertEquals(1, run.partitions());
    double features = run.features().dimension();
    Map<String, Double> size =
        Map.of(
            "cores",
            1.0,
            "partitions",
            1.0,
            "entries",
            (double) columns * run.rows().train(),
            "touched",
            features,
            "features",
            features);
    return StepCost.measured().secondsOf(name -> size.getOrDefault(name, Double.NaN));
  }

  @Test
  void whatIsReadWholeIsPlannedAsItIs() throws IOException {
    String config = config(CommandLineRun.sample("german-credit/credit.csv"), GOOD_OR_BAD);
    JsonNode plan = json(CommandLineRun.done("plan", config, "--json"));
    CommandLineRun.done("train", config);
    RunSummary run = CommandLineRun.summary(dir.resolve("run"));
    assertEquals(run.rows().train(), plan.path("train-rows").asLong());
    assertEquals(run.rows().train() + run.rows().validation(), plan.path("rows").asLong());
    assertEquals(run.features().dimension(), plan.path("features").asLong());
    assertEquals(run.partitions(), plan.path("partitions").asInt());
    assertEquals(1, plan.path("sampled").asDouble());
    assertTrue(plan.path("block-bytes").asDouble() > 8 * run.rows().train(), plan.toString());
    assertEquals(
        seconds(run, plan.path("columns").asInt()), plan.path("seconds-per-pass").asDouble());
    assertTrue(plan.path("fits").asBoolean());
  }

  @Test
  void theSettingsAreThoseOfSparkSubmit() throws IOException {
    String config = config(CommandLineRun.sample("german-credit/credit.csv"), GOOD_OR_BAD);
    CommandLineRun run = CommandLineRun.done("plan", config, "--settings", "--executors", "3");
    assertEquals(
        """
        spark.driver.memory=1024m
        spark.executor.memory=1024m
        spark.executor.instances=3
        spark.executor.cores=2
        """,
        run.out());
  }

  @Test
  void whatDoesNotFitSaysWhatToChange() throws IOException {
    String config = config(CommandLineRun.sample("german-credit/credit.csv"), GOOD_OR_BAD);
    CommandLineRun run = CommandLineRun.of("plan", config, "--container", "1200");
    assertEquals(1, run.exitCode(), run.err());
    assertTrue(run.out().contains("too large"), run.out());
    assertTrue(run.out().contains("the driver needs a container of 1,408 MB"), run.out());
    assertTrue(run.out().contains("--executors"), run.out());
  }

  /**
   * 65,536 levels that rows take in turn, read from three of 8 files: rows within the spread of a
   * random sample, 5 standard deviations; features by Heaps' law, which is no law of this data:
   * within a half.
   */
  @Test
  void whatIsSampledIsScaled() throws IOException {
    String data = dir.resolve("wide").toString();
    LocalSpark.session()
        .range(0, 300_000, 1, 8)
        .selectExpr(
            "id % 2 as default",
            "concat('level', pmod(hash(id), 65536)) as city",
            "repeat(sha2(cast(id as string), 512), 2) as note")
        .write()
        .parquet(data);
    String config = config(data, "default");
    JsonNode plan =
        json(
            CommandLineRun.done(
                "plan",
                config,
                "--json",
                "--set",
                "features.categorical=[city]",
                "--set",
                "data.ignore=[note]"));
    assertTrue(plan.path("sampled").asDouble() < 0.5, plan.toString());
    assertEquals(300_000, plan.path("rows").asDouble(), 1);
    assertEquals(240_000, plan.path("train-rows").asDouble(), 5 * 220);
    assertEquals(65_536, plan.path("features").asDouble(), 32_768);
  }
}
