package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.config.Concealed;
import dev.talweg.jobs.config.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not be shown is in no log, message, page or table. */
class SecretsTest {
  private static final String VALUE = "hunter2hunter2";

  @TempDir Path dir;

  private String config() throws IOException {
    Path file = dir.resolve("config.yaml");
    Files.writeString(
        file,
        """
        data:
          train: %s
          label: {column: default, positive: "yes"}
          options: {header: "true", jdbc.password: in-the-file-%s}
        model: logistic
        stopping: {max-iterations: 2}
        output: %s
        """
            .formatted(
                CommandLineRun.sample("german-credit/credit.csv"), VALUE, dir.resolve("run")));
    return file.toString();
  }

  @Test
  void aValueIsHiddenAsAWholeWhateverItsWordsSay() {
    Concealed concealed = new Concealed();
    concealed.add("p;ss&w");
    concealed.add("before p;ss&w/after");
    assertEquals("password=" + Secrets.MASK, concealed.masked("password=p;ss&w"));
    assertEquals("x " + Secrets.MASK, concealed.masked("x before p;ss&w/after"));
  }

  private static void assertHidden(CommandLineRun run) {
    assertFalse((run.out() + run.err()).contains(VALUE), run.out() + run.err());
  }

  @Test
  void aRunWritesNoneAnywhere() throws IOException {
    CommandLineRun run =
        CommandLineRun.done(
            "train", config(), "--verbose", "--set", "data.options.s3a-secret-key=" + VALUE);
    assertHidden(run);
    List<Path> files;
    try (Stream<Path> found = Files.walk(dir.resolve("run"))) {
      files = found.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      assertFalse(text.contains(VALUE), file.toString());
    }
    String json = Files.readString(dir.resolve("run/run.json"));
    assertTrue(json.contains("\"jdbc.password\" : \"" + Secrets.MASK + "\""), json);
  }

  @Test
  void checkPrintsTheMask() throws IOException {
    CommandLineRun run = CommandLineRun.done("check", config());
    assertHidden(run);
    assertTrue(run.out().contains("jdbc.password: \"" + Secrets.MASK + "\""), run.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.options.password=[hunter2hunter2]",
        "data.options={password: [hunter2hunter2]}",
        "data.options={api-key: 'hunter2hunter2",
        "my-token hunter2hunter2",
        "penalty.secret=hunter2hunter2",
        "model.token=hunter2hunter2",
      })
  void noErrorRepeatsOne(String set) throws IOException {
    CommandLineRun run = CommandLineRun.of("check", config(), "--set", set);
    assertEquals(2, run.exitCode(), run.out());
    assertHidden(run);
  }

  @Test
  void anOptionThatIsMisspeltIsNotRepeated() {
    CommandLineRun run = CommandLineRun.of("check", "x.yaml", "--sett=password=" + VALUE);
    assertEquals(2, run.exitCode());
    assertHidden(run);
    assertTrue(run.err().contains("--set"), run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spark.hadoop.fs.s3a.secret.key=abc is wrong|spark.hadoop.fs.s3a.secret.key=********* is wrong",
        "s3a://me:abc@bucket/x cannot be read|s3a://me:*********@bucket/x cannot be read",
        "jdbc:x?user=me&Password=abc&y=1|jdbc:x?user=me&Password=*********&y=1",
        "column tokens has 3 values|column tokens has 3 values",
        "penalty.l2=1e-3|penalty.l2=1e-3",
      })
  void textsOfOthersAreMaskedByTheirOwnWords(String text, String shown) {
    assertEquals(shown, Secrets.masked(text));
  }
}
