package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs as a stranger meets them. */
class CommandLineTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "check",
        "predict",
        "evaluate",
        "describe",
        "report",
        "list",
        "find-rate"
      })
  void helpOfEveryVerbShowsAnExample(String verb) {
    CommandLineRun run = CommandLineRun.done(verb, "--help");
    assertTrue(run.out().contains("Example: talweg " + verb), run.out());
  }

  @ParameterizedTest
  @CsvSource({
    "optimizers, lbfgs",
    "losses, huber",
    "models, logistic",
    "schedules, warmup-cosine",
    "metrics, auc-roc"
  })
  void listNamesWhatAConfigurationCanSay(String kind, String name) {
    assertTrue(CommandLineRun.done("list", kind).out().contains(name));
  }

  @ParameterizedTest
  @CsvSource({
    "uci-default/UCI_Credit_Card.csv, ''",
    "german-credit/credit.csv, default",
    "bank-marketing/bank-additional.csv, ''",
    "mushrooms/mushrooms.libsvm, ''",
  })
  void aStrangerGoesFromDescribeToATrainedModel(String sample, String label) throws IOException {
    String[] delimiter =
        sample.startsWith("bank") ? new String[] {"--option", "delimiter=;"} : new String[0];
    List<String> arguments =
        new ArrayList<>(List.of("describe", "--data", CommandLineRun.sample(sample)));
    arguments.addAll(List.of(delimiter));
    if (!label.isEmpty()) {
      arguments.addAll(List.of("--label", label));
    }
    CommandLineRun described = CommandLineRun.done(arguments.toArray(String[]::new));
    Path yaml = dir.resolve("suggested.yaml");
    Files.writeString(yaml, described.out());
    String output = dir.resolve("run").toString();
    CommandLineRun checked = CommandLineRun.done("check", yaml.toString());
    // what check prints is a configuration, the same one
    Path resolved = dir.resolve("resolved.yaml");
    Files.writeString(resolved, checked.out());
    assertEquals(checked.out(), CommandLineRun.done("check", resolved.toString()).out());
    CommandLineRun.done("train", yaml.toString(), "--output", output);
    assertEquals("converged", CommandLineRun.summary(Path.of(output)).status());
  }
}
