package dev.talweg.jobs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.CommandLineRun;
import dev.talweg.jobs.run.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was killed in any phase and resumed is, bit for bit, the run that went on. */
@Tag("process")
class KillAndResumeTest {
  private static final String FULL_BATCH =
      """
      seed: 7
      data: {train: %s, label: default.payment.next.month, keys: [ID], validation: {fraction: 0.2}}
      penalty: {l2: 1e-5}
      optimizer: {kind: lbfgs, block: 0} # with the whole matrix it is over before step 5
      stopping: {gap: 1e-13, max-iterations: 12}
      partitions: 3
      """
          .formatted(CommandLineRun.sample("uci-default/UCI_Credit_Card.csv"));

  private static final String BATCHES =
      FULL_BATCH.replaceAll("(optimizer|stopping):.*", "")
          + """
            optimizer: {kind: adam, learning-rate: 1e-3}
            batch: 1000
            epochs: 8
            checkpoint: {every: 20}
            """;

  @TempDir static Path dir;
  private static RunSummary fullBatch;
  private static RunSummary batches;

  @BeforeAll
  static void aRunThatWentOn() throws IOException {
    fullBatch = whole("full", FULL_BATCH);
    batches = whole("batches", BATCHES);
  }

  private static RunSummary whole(String name, String yaml) throws IOException {
    TalwegProcess.start("train", config(name, yaml)).done();
    return CommandLineRun.summary(dir.resolve(name));
  }

  private static String config(String name, String yaml) throws IOException {
    Path file = dir.resolve(name + ".yaml");
    Files.writeString(file, "model: logistic\noutput: " + dir.resolve(name) + "\n" + yaml);
    return file.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"reading the data", "  step    3", "  checkpoint of step 5", "evaluating"})
  void aRunKilledInAnyPhaseIsTheRunThatWentOn(String line) throws IOException {
    killed("killed" + line.strip().replaceAll("[^a-z0-9]", ""), FULL_BATCH, line, fullBatch);
  }

  @ParameterizedTest
  @ValueSource(strings = {"  step   24", "  checkpoint of step 100"})
  void batchesAreDrawnAgainAsTheyWere(String line) throws IOException {
    killed("adam" + line.strip().replaceAll("[^a-z0-9]", ""), BATCHES, line, batches);
  }

  private static void killed(String name, String yaml, String line, RunSummary expected)
      throws IOException {
    String config = config(name, yaml);
    TalwegProcess victim = TalwegProcess.start("train", config).until(l -> l.startsWith(line));
    assertEquals(137, victim.signal("KILL").exitCode(), victim.output());
    assertFalse(Files.exists(dir.resolve(name)), "half an output was published");
    resumed(name, config, expected);
  }

  private static void resumed(String name, String config, RunSummary expected) {
    TalwegProcess.start("train", config, "--resume").done();
    RunSummary run = CommandLineRun.summary(dir.resolve(name));
    assertEquals(expected.fingerprint().model(), run.fingerprint().model());
    assertEquals(expected.objective(), run.objective());
    assertEquals(expected.iterations(), run.iterations());
    assertFalse(Files.exists(dir.resolve("." + name + ".talweg")), "the work directory stayed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoints/.writing-step-0000000005", "staging/model"})
  void aRunKilledWhileItWritesIsTheRunThatWentOn(String file) throws Exception {
    String name = "writing" + file.replaceAll("[^a-z0-9]", "");
    String config = config(name, FULL_BATCH);
    TalwegProcess victim = TalwegProcess.start("train", config);
    awaitFile(dir.resolve("." + name + ".talweg").resolve(file), victim);
    assertEquals(137, victim.signal("KILL").exitCode(), victim.output());
    resumed(name, config, fullBatch);
  }

  /** Watches directories from the top, each until its next one is there. */
  private static void awaitFile(Path file, TalwegProcess victim) throws Exception {
    Path at = dir;
    for (Path name : dir.relativize(file)) {
      await(at, name, victim);
      at = at.resolve(name);
    }
  }

  private static void await(Path directory, Path name, TalwegProcess victim) throws Exception {
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      WatchKey key = directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(directory.resolve(name))) {
        assertTrue(victim.isAlive(), "ended before " + name);
        WatchKey signalled = watch.poll(1, TimeUnit.SECONDS);
        if (signalled != null
            && signalled.pollEvents().stream().anyMatch(event -> name.equals(event.context()))) {
          return;
        }
        key.reset();
      }
    }
  }

  @Test
  void ctrlCWritesACheckpointAndSaysHowToGoOn() throws IOException {
    String config = config("interrupted", BATCHES);
    TalwegProcess run =
        TalwegProcess.start("train", config).until(l -> l.startsWith("  step   24")).signal("INT");
    assertEquals(1, run.exitCode(), run.output());
    assertTrue(run.output().contains("interrupted after step"), run.output());
    assertTrue(run.output().contains("--resume"), run.output());
    resumed("interrupted", config, batches);
  }

  @Test
  void ctrlCWhileTheDataIsReadEndsAtOnce() throws IOException {
    String config = config("early", FULL_BATCH);
    TalwegProcess run =
        TalwegProcess.start("train", config)
            .until(l -> l.startsWith("reading the data"))
            .signal("INT");
    assertEquals(1, run.exitCode(), run.output());
    assertTrue(run.output().contains("interrupted while the data was read"), run.output());
    resumed("early", config, fullBatch);
  }

  @Test
  void aDamagedCheckpointIsPassedOverForTheOneBefore() throws IOException {
    String config = config("damaged", BATCHES);
    TalwegProcess victim =
        TalwegProcess.start("train", config).until(l -> l.startsWith("  checkpoint of step 100"));
    assertEquals(137, victim.signal("KILL").exitCode());
    Path checkpoints = dir.resolve(".damaged.talweg/checkpoints");
    Path newest;
    try (var found = Files.list(checkpoints)) {
      newest =
          found
              .filter(p -> p.getFileName().toString().startsWith("step-"))
              .max(Path::compareTo)
              .orElseThrow();
    }
    try (var files = Files.walk(newest)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
      }
    }
    TalwegProcess second = TalwegProcess.start("train", config, "--resume").done();
    assertTrue(second.output().contains(newest.getFileName().toString()), second.output());
    assertEquals(
        batches.fingerprint().model(),
        CommandLineRun.summary(dir.resolve("damaged")).fingerprint().model());
  }

  @Test
  void aChangedConfigurationIsNotResumed() throws IOException {
    String config = config("changed", FULL_BATCH);
    TalwegProcess victim =
        TalwegProcess.start("train", config).until(l -> l.startsWith("  checkpoint of step 5"));
    assertEquals(137, victim.signal("KILL").exitCode());
    TalwegProcess second =
        TalwegProcess.start("train", config, "--resume", "--set", "penalty.l2=1e-3");
    assertEquals(2, second.exitCode(), second.output());
    assertTrue(second.output().contains("the configuration has changed"), second.output());
  }
}
