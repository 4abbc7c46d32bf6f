package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.talweg.jobs.CommandLineRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code optimizer: {lazy: true}} over the cluster, on sparse rows. */
class LazyRunTest {
  private static final String MUSHROOMS = CommandLineRun.sample("mushrooms/mushrooms.libsvm");

  @TempDir static Path dir;

  private static String config(String rule, String output) {
    return """
        seed: 3
        data: {train: %s, label: label}
        model: logistic
        penalty: {l2: 0}
        optimizer: {%s}
        batch: 16
        epochs: 1
        partitions: 3
        checkpoint: {every: 50}
        output: {dir}/%s
        """
        .formatted(MUSHROOMS, rule, output);
  }

  private static String model(String rule, String output) {
    return CommandLineRun.train(dir, config(rule, output)).fingerprint().model();
  }

  /** Adagrad does nothing where a gradient is 0, so there is nothing to leave out. */
  @Test
  void lazyAdagradIsAdagrad() {
    String rule = "kind: adagrad, learning-rate: 0.05";
    assertEquals(model(rule, "adagrad"), model(rule + ", lazy: true", "lazy-adagrad"));
  }

  @Test
  void lazyAdamIsAnotherRuleAndAResumedRunIsTheRunThatWentOn() {
    String rule = "kind: adamw, learning-rate: 0.01, weight-decay: 0.1";
    String lazy = rule + ", lazy: true";
    String whole = model(lazy, "lazy-adamw");
    assertNotEquals(model(rule, "adamw"), whole);
    RunSummary resumed = CutRun.resumed(dir, config(lazy, "cut"), 333);
    assertEquals(whole, resumed.fingerprint().model());
  }
}
