package dev.talweg.jobs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is typed on a command line is not in what Spark and {@code scripts/submit} make of it. */
@Tag("process")
class ShownSecretsTest {
  private static final String VALUE = "hunter2hunter2";

  @TempDir Path dir;

  private String config() throws IOException {
    Path file = dir.resolve("config.yaml");
    Files.writeString(
        file,
        """
        data: {train: %s, label: {column: default, positive: "yes"}}
        model: logistic
        stopping: {max-iterations: 1}
        output: %s
        """
            .formatted(CommandLineRun.sample("german-credit/credit.csv"), dir.resolve("run")));
    return file.toString();
  }

  /** Of the names in the list, those that Spark's own default does not know. */
  @ParameterizedTest
  @CsvSource({
    "api-key, spark.talweg.unset, 0",
    "pwd, spark.talweg.unset, 0",
    "credential, spark.talweg.unset, 0",
    "private-key, spark.talweg.unset, 0",
    "api-key, spark.redaction.regex, 1",
  })
  void theEventLogHasNoneUnlessTheUserSaysSo(String name, String setting, int shown)
      throws IOException {
    TalwegProcess.start(
            "--conf",
            "spark.eventLog.enabled=true",
            "--conf",
            "spark.eventLog.compress=false",
            "--conf",
            "spark.eventLog.rolling.enabled=false",
            "--conf",
            "spark.eventLog.dir=" + Files.createDirectories(dir.resolve("events")),
            "--conf",
            setting + "=only-this",
            "train",
            config(),
            "--set",
            "data.options." + name + "=" + VALUE)
        .done();
    try (Stream<Path> logs = Files.list(dir.resolve("events"))) {
      Path log = logs.filter(file -> !file.toString().endsWith(".crc")).findFirst().orElseThrow();
      List<String> told = Files.readAllLines(log);
      assertTrue(told.stream().anyMatch(line -> line.contains("sun.java.command")));
      assertEquals(shown, told.stream().filter(line -> line.contains(VALUE)).limit(1).count());
    }
  }

  @Test
  void theScriptPrintsNone() throws IOException {
    TalwegProcess run =
        TalwegProcess.script(
                TalwegProcess.sparkHome(),
                config(),
                "--master",
                "local[2]",
                "--dry-run",
                "--conf",
                "spark.hadoop.fs.s3a.Secret.Key=" + VALUE + "; " + VALUE,
                "--conf",
                "spark.driver.extraJavaOptions=-Dmy.password=" + VALUE,
                "--set",
                "penalty.l2=1e-3",
                "--",
                "--set",
                "data.options={password: " + VALUE + ", user: me}",
                "--set=data.options.pwd=" + VALUE,
                "--set",
                "data.options=\n  api-key: >\n    " + VALUE,
                "--output",
                "s3a://me:" + VALUE + "@b/x")
            .done();
    assertFalse(run.output().contains(VALUE), run.output());
    for (String shown :
        List.of(
            "spark.hadoop.fs.s3a.Secret.Key=********* ",
            "spark.driver.extraJavaOptions=-Dmy.password=********* ",
            "--set penalty.l2=1e-3 ",
            "data.options=\\{password:********* ",
            "--set=data.options.pwd=********* ",
            "--output s3a://me:*********@b/x")) {
      assertTrue(run.output().contains(shown), shown + " is not in " + run.output());
    }
  }

  @ParameterizedTest
  @CsvSource({"--set=data.options.api_key=", "--sett=my.credential=", "s3a://me:"})
  void theScriptRepeatsNoneThatIsMisplaced(String word) {
    TalwegProcess run = TalwegProcess.script("", "config.yaml", word + VALUE + "@b/x");
    assertEquals(2, run.exitCode(), run.output());
    assertFalse(run.output().contains(VALUE), run.output());
    assertTrue(run.output().contains("*********"), run.output());
  }
}
