package dev.talweg.jobs.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code scripts/bench compare} as a stranger meets it. */
class CompareTest {
  @TempDir Path dir;

  /**
   * What came of it.
   *
   * @param lines of JSON: two sides or three, round 0 and round 1
   * @param printed results, for people
   */
  private record Compared(List<JsonNode> lines, String printed) {}

  private Compared compared(String... arguments) throws IOException {
    LocalSpark.session();
    List<String> all = new ArrayList<>(List.of(dir.toString(), dir.toString(), "tested"));
    all.addAll(List.of(arguments));
    all.add("--rounds=1");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream results = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      assertEquals(Compare.DONE, Compare.run(all, results));
    }
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("compare.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return new Compared(lines, printed.toString(StandardCharsets.UTF_8));
  }

  private Compared onVectors(String... penalty) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(penalty));
    arguments.addAll(List.of("--data", CommandLineRun.sample("mushrooms/mushrooms.libsvm")));
    arguments.addAll(List.of("--label=label", "--positive=1"));
    return compared(arguments.toArray(String[]::new));
  }

  @Test
  void onVectorsBothSidesComeAsNearToTheSameOptimum() throws IOException {
    Compared compared = onVectors("--l2=1e-2");
    assertAsNearToTheSameOptimum(compared.lines());
    assertTimesRatiosAndObjectivesArePrinted(compared);
  }

  @Test
  void withL1TheFunctionOfBothSidesIsTheElasticNet() throws IOException {
    Compared compared = onVectors("--l1=1e-3", "--l2=1e-2");
    assertAsNearToTheSameOptimum(compared.lines());
    // the last model that Talweg trained, by the same pass over the same files: the same bits
    Dataset<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("compare.parquet").toString())
            .select("label", "features");
    int dimension = rows.first().<Vector>getAs("features").size();
    NeutralPass.Linear model =
        ModelTable.linear(LocalSpark.session(), dir.resolve("runs/compare"), dimension);
    assertEquals(
        NeutralPass.objective(rows, NeutralPass.LOGISTIC, model, 1e-3, 1e-2),
        compared.lines().get(0).path("objective").asDouble());
  }

  private static void assertAsNearToTheSameOptimum(List<JsonNode> lines) {
    assertEquals(4, lines.size());
    for (JsonNode line : lines.subList(0, 2)) {
      double distance = line.path("neutral-distance").asDouble(Double.NaN);
      // features as floats move a margin by 6e-8 of itself: nothing beside the target
      assertTrue(distance <= 1.01e-4 && distance > -1e-6, line.toString());
    }
    assertEquals(lines.get(0).path("optimum"), lines.get(1).path("optimum"));
  }

  /** Of one round, which is its own median. */
  private static void assertTimesRatiosAndObjectivesArePrinted(Compared compared) {
    int sides = compared.lines().size() / 2;
    Map<String, Double> seconds = new HashMap<>();
    for (JsonNode line : compared.lines().subList(sides, 2 * sides)) {
      seconds.put(line.path("side").asText(), line.path("seconds").asDouble());
    }
    List<String> printed =
        compared.printed().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
    for (JsonNode line : compared.lines().subList(0, sides)) {
      String side = line.path("side").asText();
      double took = seconds.getOrDefault(side, Double.NaN);
      double times = took / seconds.getOrDefault("talweg", Double.NaN);
      String ratio = side.equals("talweg") ? "" : format(" %.2f times Talweg's", times);
      String time = side + format(" median %.2f s", took) + ratio;
      assertEquals(1, printed.stream().filter(one -> one.endsWith(time)).count(), time);
      String objective =
          side
              + format(" %.0f iterations", line.path("iterations").asDouble())
              + format(" objective %.9f", line.path("objective").asDouble(Double.NaN));
      assertEquals(1, printed.stream().filter(one -> one.startsWith(objective)).count(), objective);
    }
  }

  private static String format(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }

  @Test
  void onRawColumnsModelsAreComparedOnTheSameRows() throws IOException {
    Compared compared =
        compared(
            "--data",
            CommandLineRun.sample("german-credit/credit.csv"),
            "--label=default",
            "--positive=yes",
            "--iterations=3");
    assertTimesRatiosAndObjectivesArePrinted(compared);
    List<JsonNode> lines = compared.lines();
    assertEquals(6, lines.size()); // three sides, round 0 and round 1
    for (JsonNode line : lines.subList(0, 3)) {
      double auc = line.path("train-auc").asDouble();
      assertTrue(auc > 0.7 && auc < 1, line.toString());
      assertTrue(line.path("objective").asDouble() > line.path("train-log-loss").asDouble());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--label=nothing | nothing is no column; these are:",
        "--label=age | the label age has to have two values, and has:",
        "--label=default | say which is 1 with --positive VALUE",
        "--label=default --positive=maybe | --positive maybe is no value of default: no, yes",
        "--label=default --positive=yes --ignore=x | x is no column",
        "--label=default --where=wages>3 | cannot be read as csv",
        "--label=default --format=parquet | cannot be read as parquet",
        "--label=default --vector=age --positive=yes | is no column of spark.ml vectors",
      })
  void whatIsWrongWithTheFileIsSaid(String arguments, String expected) {
    List<String> all =
        new ArrayList<>(List.of("--data", CommandLineRun.sample("german-credit/credit.csv")));
    all.addAll(List.of(arguments.strip().split(" ")));
    CompareOptions asked = CompareOptions.parse(all);
    CompareOptions.WrongInput wrong =
        assertThrows(
            CompareOptions.WrongInput.class, () -> UserTable.of(LocalSpark.session(), asked));
    String message = String.valueOf(wrong.getMessage());
    assertTrue(message.contains(expected.strip()), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--data=a | --label is needed",
        "--label=a | --data is needed",
        "--data=a --label=b --speed=3 | --speed is no option of compare",
        "--data=a --label=b --l2=-1 | --l2 -1: a number of at least 0",
        "--data=a --label=b --target=0 | --target 0 is never reached",
        "--data=a --label=b --rounds=many | --rounds many: a whole number",
        "--data=a --label=b --label=c | --label is given 2 times",
        "--data=a --label=b --rounds | --rounds needs a value",
        "--data=a --label=b --option=header | write KEY=VALUE",
      })
  void whatIsWrongWithTheCommandIsSaid(String arguments, String expected) {
    CompareOptions.WrongInput wrong =
        assertThrows(
            CompareOptions.WrongInput.class,
            () -> CompareOptions.parse(List.of(arguments.strip().split(" "))));
    String message = String.valueOf(wrong.getMessage());
    assertTrue(message.contains(expected.strip()), message);
  }
}
