package dev.talweg.jobs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, as the system's limit of the size of a file makes it for one process. */
@Tag("process")
class FullDiskTest {
  @TempDir Path dir;

  @Test
  void aRunThatCannotWritePublishesNothingAndSaysWhatToDo() throws IOException {
    Path config = dir.resolve("config.yaml");
    Files.writeString(
        config,
        """
        data:
          train: %s
          label: default.payment.next.month
          keys: [ID]
        features: {categorical: [{column: PAY_0, hash-bits: 18}]}
        model: logistic
        output: %s
        """
            .formatted(
                CommandLineRun.sample("uci-default/UCI_Credit_Card.csv"), dir.resolve("out")));
    // 2^18 parameters are some 2 MB
    TalwegProcess run = TalwegProcess.limited("ulimit -f 1000", "train", config.toString());
    assertEquals(1, run.exitCode(), run.output());
    assertTrue(run.output().contains("make room"), run.output());
    assertFalse(run.output().contains("\tat "), run.output());
    assertFalse(Files.exists(dir.resolve("out")), "half an output was published");
    TalwegProcess.start("train", config.toString(), "--resume").done();
    assertEquals("converged", CommandLineRun.summary(dir.resolve("out")).status());
  }
}
