package dev.talweg.jobs.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One file for every night: the places that {@code --set name=text} fills. */
class VariablesTest {
  private static final String NIGHTLY =
      """
      data:
        train: ["data/${date}/*.parquet", "data/${date - 1d}/*.parquet"]
        label: default
        test: {column: day, from: "${date}"}
      model: logistic
      penalty: {l2: "${l2}"}
      warm-start: runs/credit/latest
      output: runs/credit/${date}
      """;

  private static RunConfig read(String yaml, String... sets) {
    return ConfigReader.read("nightly.yaml", yaml, List.of(sets));
  }

  private static List<String> problems(String yaml, String... sets) {
    ConfigException e = assertThrows(ConfigException.class, () -> read(yaml, sets));
    return e.problems().stream().map(Object::toString).toList();
  }

  @Test
  void placesAreFilledInValuesAndInListsAndDaysAreCounted() {
    String yaml = NIGHTLY.replace("\"${l2}\"", "${l2}");
    RunConfig config =
        read(
            yaml.replace("penalty: {l2: ${l2}}", "penalty:\n  l2: ${l2}"),
            "date=2026-03-01",
            "l2=1e-3");
    assertEquals(
        List.of("data/2026-03-01/*.parquet", "data/2026-02-28/*.parquet"), config.data().train());
    assertEquals("runs/credit/2026-03-01", config.output());
    assertEquals("2026-03-01", config.name());
    assertEquals(1e-3, config.penalty().l2());
  }

  @Test
  void aQuotedPlaceIsATextAsAQuotedValueIs() {
    assertTrue(
        problems(NIGHTLY, "date=2026-03-01", "l2=1e-3").get(0).contains("found \"1e-3\""),
        "a number in quotes is no number, filled in or not");
  }

  @Test
  void aPlaceWithoutAValueIsAProblemThatNamesLineKeyAndRemedy() {
    List<String> problems = problems(NIGHTLY, "l2=1");
    assertEquals(
        "nightly.yaml:2: data.train: ${date} has no value; give --set date=…", problems.get(0));
    assertTrue(
        problems.contains("nightly.yaml:8: output: ${date} has no value; give --set date=…"),
        problems.toString());
  }

  @Test
  void aMisspeltVariableIsToldAtBothEnds() {
    List<String> problems = problems(NIGHTLY, "l2=1", "dtae=2026-03-01");
    assertTrue(problems.get(0).endsWith("give --set date=…; is --set dtae misspelt?"));
    assertTrue(
        problems.stream().anyMatch(p -> p.startsWith("--set dtae: unknown key")),
        problems.toString());
  }

  @Test
  void aKeyIsNoVariable() {
    List<String> problems = problems(NIGHTLY.replace("${l2}", "${seed}"), "date=2026-03-01");
    assertTrue(problems.get(0).contains("seed is the name of a key"), problems.toString());
  }

  @Test
  void daysAreCountedFromDaysOnly() {
    String problem = problems(NIGHTLY, "l2=1", "date=2026-02-30").get(0);
    assertTrue(problem.contains("${date - 1d} needs a day such as 2026-11-25"), problem);
    assertTrue(problem.contains("is 2026-02-30"), problem);
    problem = problems(NIGHTLY.replace("- 1d", "- 1 week"), "l2=1", "date=2026-03-01").get(0);
    assertTrue(problem.contains("${date - 1 week} is no variable; write ${date}"), problem);
  }

  @Test
  void whatIsFilledInIsNotFilledAgainAndTwoDollarsAreTheTextItself() {
    String yaml =
        NIGHTLY
            .replace("\"${l2}\"", "0")
            .replace("${date - 1d}", "0")
            .replace("output: runs", "output: $${date}");
    RunConfig config = read(yaml, "date=${date}");
    assertEquals("${date}/credit/${date}", config.output());
    assertEquals(config, read(config.toYaml()));
  }

  @Test
  void valuesThatAreSetHavePlacesToo() {
    RunConfig config =
        read(
            NIGHTLY.replace("\"${l2}\"", "0"),
            "date=2026-03-01",
            "name=night of ${night}",
            "night=March");
    assertEquals("night of March", config.name());
  }

  @Test
  void whatARunIsComparedWithFollowsFromWhereItBegins() {
    String yaml = NIGHTLY.replace("\"${l2}\"", "0");
    assertEquals("runs/credit/latest", read(yaml, "date=2026-03-01").reference());
    String promoted = "promote={metric: auc-roc, tolerance: 0.005}";
    assertEquals(
        "elsewhere/latest",
        read(yaml, "date=2026-03-01", "warm-start=null", "output=elsewhere/x", promoted)
            .reference());
    assertEquals(
        new RunConfig.Promotion("auc-roc", 0.005),
        read(yaml, "date=2026-03-01", promoted).promote());
    String problem = problems(yaml, "date=2026-03-01", "reference=null", promoted).get(0);
    assertTrue(problem.contains("promote compares with an earlier run"), problem);
    problem = problems(yaml, "date=2026-03-01", "data.test=null", promoted).get(0);
    assertTrue(problem.contains("rows that neither model was trained on"), problem);
    problem = problems(yaml, "date=2026-03-01", "promote.metric=auc-roc").get(0);
    assertTrue(problem.contains("write tolerance: 0.005 beside it"), problem);
  }
}
