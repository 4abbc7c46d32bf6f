package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.ModelEntry;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.metric.MetricOnDemand;
import dev.talweg.optimizer.metric.Metrics;
import dev.talweg.optimizer.metric.QueryMetrics;
import dev.talweg.optimizer.metric.RowMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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

  static Stream<Arguments> catalog() {
    List<String> optimizers = new ArrayList<>(List.of(Catalog.automatic().name()));
    optimizers.addAll(names(Catalog.optimizers(), Entry::name));
    List<String> losses = new ArrayList<>(names(Catalog.losses(), Entry::name));
    losses.addAll(names(Catalog.classLosses(), Entry::name));
    List<String> metrics = new ArrayList<>(names(Metrics.all(), Metric::name));
    metrics.addAll(names(RowMetrics.all(), MetricOnDemand::form));
    metrics.addAll(names(QueryMetrics.all(), MetricOnDemand::form));
    return Stream.of(
        Arguments.of("optimizers", optimizers),
        Arguments.of("losses", losses),
        Arguments.of("models", names(Catalog.models(), ModelEntry::name)),
        Arguments.of("schedules", names(Catalog.schedules(), Entry::name)),
        Arguments.of("metrics", metrics));
  }

  private static <T> List<String> names(List<T> entries, Function<? super T, String> name) {
    return entries.stream().map(name).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("catalog")
  void listNamesEverythingAConfigurationCanSay(String kind, List<String> names) {
    List<String> shown =
        CommandLineRun.done("list", kind)
            .out()
            .lines()
            .map(line -> line.replaceFirst(" .*", ""))
            .toList();
    assertFalse(names.isEmpty());
    names.forEach(name -> assertTrue(shown.contains(name), name + " is not among " + shown));
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
