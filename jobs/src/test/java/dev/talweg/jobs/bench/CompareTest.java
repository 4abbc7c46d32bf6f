package dev.talweg.jobs.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.datasets.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code scripts/bench compare} as a stranger meets it. */
class CompareTest {
  @TempDir Path dir;

  private static String sample(String file) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path sample = at.resolve("datasets/samples").resolve(file);
      if (Files.exists(sample)) {
        return sample.toString();
      }
    }
    throw new IllegalStateException("tests run within the repository");
  }

  private List<JsonNode> compared(String... arguments) throws IOException {
    LocalSpark.session();
    List<String> all = new ArrayList<>(List.of(dir.toString(), dir.toString(), "tested"));
    all.addAll(List.of(arguments));
    assertEquals(Compare.DONE, Compare.run(all));
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("compare.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  @Test
  void onVectorsBothSidesComeAsNearToTheSameOptimum() throws IOException {
    List<JsonNode> lines =
        compared(
            "--data",
            sample("mushrooms/mushrooms.libsvm"),
            "--label=label",
            "--positive=1",
            "--l2=1e-2",
            "--rounds=1");
    assertEquals(4, lines.size()); // two sides, round 0 and round 1
    for (JsonNode line : lines.subList(0, 2)) {
      double distance = line.path("neutral-distance").asDouble(Double.NaN);
      // features as floats move a margin by 6e-8 of itself: nothing beside the target
      assertTrue(distance <= 1.01e-4 && distance > -1e-6, line.toString());
    }
    assertEquals(lines.get(0).path("optimum"), lines.get(1).path("optimum"));
  }

  @Test
  void onRawColumnsModelsAreComparedOnTheSameRows() throws IOException {
    List<JsonNode> lines =
        compared(
            "--data",
            sample("german-credit/credit.csv"),
            "--label=default",
            "--positive=yes",
            "--rounds=1",
            "--iterations=3");
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
    List<String> all = new ArrayList<>(List.of("--data", sample("german-credit/credit.csv")));
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
