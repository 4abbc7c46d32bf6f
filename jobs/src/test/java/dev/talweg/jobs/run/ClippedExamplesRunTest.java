package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.talweg.jobs.CommandLineRun;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code optimizer: {clip-examples: …}} over the cluster. */
class ClippedExamplesRunTest {
  @TempDir static Path dir;

  private static String model(String model, String more, double most) {
    return CommandLineRun.train(
            dir,
            """
            seed: 3
            data: {train: %s, label: {column: default, positive: "yes"}}
            features: {numeric: [age, amount], categorical: [job]}
            model: %s
            optimizer: {kind: momentum, learning-rate: 0.05, clip-examples: %s}
            batch: 100
            epochs: 1
            partitions: 2
            %s
            output: {dir}/%s
            """
                .formatted(
                    CommandLineRun.sample("german-credit/credit.csv"),
                    model,
                    most,
                    more,
                    model.replaceAll("\\W", "") + more.length() + most))
        .fingerprint()
        .model();
  }

  /** In batches, and in steps within partitions. */
  @ParameterizedTest
  @CsvSource({
    "logistic, seed: 3",
    "logistic, local-steps: 3",
    "'{kind: perceptron, hidden: [3]}', seed: 3"
  })
  void aNormThatNoRowHasLeavesTheRunAsItIsAndASmallOneDoesNot(String model, String more) {
    String line = more.startsWith("seed") ? "" : more;
    String plain = model(model, line, 0);
    boolean linear = model.equals("logistic"); // a net's rows go one by one: other roundings
    if (linear) {
      assertEquals(plain, model(model, line, 1e9));
    }
    assertNotEquals(plain, model(model, line, 0.1));
  }
}
