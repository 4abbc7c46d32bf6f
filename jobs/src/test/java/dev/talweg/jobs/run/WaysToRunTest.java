package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole runs of local steps, as docs/decisions/0021 tabulates them by name, and of SVRG. */
class WaysToRunTest {
  private static final String GERMAN = CommandLineRun.sample("german-credit/credit.csv");

  /** Of what the table has on the left, the rule of local steps and the block {@code local}. */
  private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\| `([a-z]+)` \\| `(\\{.+})`");

  @TempDir static Path dir;

  /** Twenty batches an epoch; in rounds of four steps the middle of an epoch is its third round. */
  static List<Arguments> ways() throws IOException {
    String table =
        Files.readString(
            CommandLineRun.root().resolve("docs/decisions/0021-steps-within-partitions.md"));
    List<Arguments> ways = new ArrayList<>();
    ROW.matcher(table)
        .results()
        .forEach(
            row -> {
              boolean single = row.group(3).contains("single-epochs: 2");
              String local =
                  "optimizer: %s\nlocal-steps: 4\nlocal: %s".formatted(row.group(2), row.group(3));
              ways.add(
                  Arguments.of(row.group(1), local, single ? 2 * 20 + 5 : 3 * 5, single ? 43 : 8));
            });
    ways.add(Arguments.of("SVRG", "optimizer: {kind: svrg, anchor: 8}", 3 * 20, 30));
    return ways;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void aRunThatIsResumedWithinAnEpochIsTheRunThatWentOn(
      String name, String way, long steps, long until) {
    String yaml =
        """
        seed: 3
        data: {train: %s, label: {column: default, positive: "yes"}}
        features: {numeric: [age, amount], categorical: [job, purpose]}
        model: logistic
        %s
        batch: 50
        epochs: 3
        partitions: 3
        checkpoint: {every: 1}
        output: {dir}/%s
        """
            .formatted(GERMAN, way, name.replaceAll("[^A-Za-z]", "") + "%s");
    RunSummary uncut = CommandLineRun.train(dir, yaml.formatted(""));
    assertEquals(steps, uncut.iterations());
    double best =
        -0.3 * Math.log(0.3) - 0.7 * Math.log(0.7); // of a constant, where 300 of 1,000 are yes
    double loss = CommandLineRun.metric(uncut, "train", "log-loss");
    assertTrue(loss < best, loss + " of a constant's " + best);
    RunSummary resumed = CutRun.resumed(dir, yaml.formatted("-cut"), until);
    assertEquals(uncut.fingerprint().model(), resumed.fingerprint().model());
  }
}
