package dev.talweg.jobs.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.config.ConfigException.Problem;
import dev.talweg.jobs.config.Key.Presence;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.ModelEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every key of the schema: its default, all its valid and all its invalid examples. */
class SchemaTest {
  static final List<String> LEAST =
      List.of(
          "data.train=data/credit.parquet",
          "data.label=default",
          "model=logistic",
          "output=runs/credit");

  /** What some kinds and losses cannot be without. */
  private static final Map<String, List<String>> NEEDED =
      Map.of(
          "recurrent", List.of("model.steps=4"),
          "svrg", List.of("optimizer.anchor=20", "batch=8"),
          "focal", List.of("optimizer=adam"),
          "cauchit", List.of("optimizer=adam"),
          "cauchy", List.of("optimizer=adam"),
          "perceptron", List.of("optimizer=adam"));

  /** A key, what stands beside it, and one example of it. */
  private record Case(Key<?> key, String example) {
    RunConfig read() {
      List<String> lines = new ArrayList<>(LEAST);
      if (key.path().equals("data.table")) {
        lines.remove(0);
      }
      lines.addAll(key.beside());
      String block =
          key.path().contains(".") ? key.path().substring(0, key.path().lastIndexOf('.')) : "";
      lines.removeIf(line -> line.startsWith(key.path() + "=") || line.startsWith(block + "="));
      if (block.equals("data.label") && !key.path().equals("data.label.column")) {
        lines.add("data.label.column=default");
      }
      if (block.equals("model") && !key.path().equals("model.kind")) {
        lines.add(
            "model.kind="
                + Catalog.models().stream()
                    .filter(model -> model.losses().contains(example))
                    .findFirst()
                    .map(ModelEntry::name)
                    .orElse("logistic"));
      }
      if (key.path().equals("optimizer.like") && example.equals("scipy")) {
        lines.replaceAll(line -> line.replace("optimizer.kind=adam", "optimizer.kind=plain-lbfgs"));
      }
      lines.add(key.path() + "=" + example);
      if (key.path().endsWith(".kind") || key.path().equals("model.loss")) {
        lines.addAll(NEEDED.getOrDefault(example, List.of()));
      }
      return ConfigReader.read("t.yaml", yaml(lines), List.of());
    }
  }

  /** Nested YAML of dotted lines, as a person would write it. */
  static String yaml(List<String> lines) {
    return yaml(lines, "");
  }

  private static String yaml(List<String> lines, String indent) {
    StringBuilder out = new StringBuilder();
    Map<String, List<String>> byHead =
        lines.stream()
            .collect(
                Collectors.groupingBy(
                    line -> line.split("[.=]", 2)[0], LinkedHashMap::new, Collectors.toList()));
    byHead.forEach(
        (head, group) -> {
          String first = group.get(0);
          if (first.charAt(head.length()) == '=') {
            out.append(indent)
                .append(head)
                .append(": ")
                .append(first.substring(head.length() + 1))
                .append('\n');
          } else {
            out.append(indent).append(head).append(":\n");
            out.append(
                yaml(
                    group.stream().map(l -> l.substring(head.length() + 1)).toList(),
                    indent + "  "));
          }
        });
    return out.toString();
  }

  @TestFactory
  Stream<DynamicTest> everyValidExampleIsReadAndWrittenAgain() {
    return Schema.ALL.stream()
        .flatMap(key -> key.form().valid().stream().map(example -> new Case(key, example)))
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.key().path() + ": " + c.example(),
                    () -> {
                      RunConfig config = c.read();
                      assertEquals(
                          config,
                          ConfigReader.read("again.yaml", config.toYaml(), List.of()),
                          config.toYaml());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> everyInvalidExampleIsOneProblemThatNamesKeyLineAndWhatIsAllowed() {
    return Schema.ALL.stream()
        .flatMap(key -> key.form().invalid().stream().map(example -> new Case(key, example)))
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.key().path() + ": " + c.example(),
                    () -> {
                      ConfigException e = assertThrows(ConfigException.class, c::read);
                      Problem problem = e.problems().get(0);
                      assertTrue(problem.line() > 0 && problem.column() > 0, e.getMessage());
                      assertTrue(problem.path().startsWith(c.key().path()), e.getMessage());
                      assertTrue(
                          problem.message().matches("(?s).*(allowed|written).*"), e.getMessage());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> nullSwitchesOffWhatIsOptionalAndNothingElse() {
    return Schema.ALL.stream()
        .map(
            key ->
                DynamicTest.dynamicTest(
                    key.path(),
                    () -> {
                      if (key.presence() == Presence.NULLABLE) {
                        RunConfig config = new Case(key, "null").read();
                        assertEquals(
                            config, ConfigReader.read("again.yaml", config.toYaml(), List.of()));
                      } else {
                        ConfigException e =
                            assertThrows(ConfigException.class, new Case(key, "null")::read);
                        assertTrue(e.toString().contains("found nothing"), e.getMessage());
                      }
                    }));
  }

  @Test
  void everyDefaultIsAValidExampleOfItsKeyAndIsWrittenInTheResolvedConfiguration() {
    RunConfig config = ConfigReader.read("t.yaml", yaml(LEAST), List.of());
    for (Key<?> key : Schema.ALL) {
      Object written = key.written(config);
      if (key.presence() == Presence.DEFAULTED || key.presence() == Presence.REQUIRED) {
        assertFalse(written == null, key.path());
      }
      assertTrue(key.meaning().endsWith("."), key.path());
      assertFalse(key.form().valid().isEmpty() || key.form().invalid().isEmpty(), key.path());
    }
    assertEquals(1e-4, config.penalty().l2());
    assertEquals(1e-4, config.stopping().gap());
    assertEquals(100L, config.stopping().maxIterations());
    assertEquals("credit", config.name());
  }

  @Test
  void everyRequiredKeyIsMissed() {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> ConfigReader.read("t.yaml", "seed: 1", List.of()));
    for (String path : List.of("data.train", "data.label.column", "model.kind", "output")) {
      assertTrue(e.toString().contains("t.yaml: " + path + ": missing"), e.getMessage());
    }
    assertEquals(4, e.problems().size(), e.getMessage());
  }
}
