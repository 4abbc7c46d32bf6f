package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A net that begins at an earlier one: frozen slices, other rates, new categories, another head.
 */
class FineTuningTest {
  private static final String FRAME =
      """
      seed: 7
      data: {train: {dir}/%s, label: %s, keys: [phone]}
      features: {numeric: [age], categorical: [purpose, job]}
      model: {kind: perceptron, hidden: [5, 4], activation: tanh%s}
      optimizer: {kind: adamw, learning-rate: 0.01, decay-of: weights%s}
      batch: 100
      epochs: 1
      partitions: 2
      warm-start: %s
      output: {dir}/%s
      """;
  private static final String DEFAULT = "{column: default, positive: \"yes\"}";

  @TempDir static Path dir;

  /** Rows of one purpose are not there at first. */
  @BeforeAll
  static void anEarlierNet() throws IOException {
    String rows = Files.readString(Path.of(CommandLineRun.sample("german-credit/credit.csv")));
    Files.writeString(dir.resolve("all.csv"), rows);
    String fewer =
        rows.lines().filter(line -> !line.contains("education")).collect(Collectors.joining("\n"));
    assertTrue(fewer.length() < rows.length() - 1000, "education is a purpose");
    Files.writeString(dir.resolve("fewer.csv"), fewer);
    CommandLineRun.train(dir, FRAME.formatted("fewer.csv", DEFAULT, "", "", "null", "earlier"));
  }

  private record Weight(String slice, String feature, long index) {}

  /** By slice, feature and unit. */
  private static Map<Weight, Double> parameters(String run) {
    List<Row> rows =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve(run + "/model").toString())
            .orderBy("index")
            .select("slice", "feature", "value")
            .collectAsList();
    Map<Weight, Double> parameters = new HashMap<>();
    for (Row row : rows) {
      long unit = 0;
      while (parameters.containsKey(new Weight(row.getString(0), row.getString(1), unit))) {
        unit++;
      }
      parameters.put(new Weight(row.getString(0), row.getString(1), unit), row.getDouble(2));
    }
    return parameters;
  }

  private static double value(Map<Weight, Double> parameters, Weight weight) {
    return parameters.getOrDefault(weight, Double.NaN);
  }

  @Test
  void frozenSlicesKeepTheirBitsAndNewCategoriesGetFreshWeights() {
    RunSummary run =
        CommandLineRun.train(
            dir,
            FRAME.formatted(
                "all.csv",
                DEFAULT,
                "",
                ", freeze: [layer-1.*, layer-2.biases], groups: [{slices: layer-2.*, rate-factor:"
                    + " 0.1}]",
                "{dir}/earlier",
                "frozen"));
    assertTrue(
        run.notes().stream().anyMatch(note -> note.contains("1 are new and get fresh ones")),
        run.notes().toString());
    assertTrue(
        run.warnings().stream().anyMatch(w -> w.contains("layer-1.weights is frozen")),
        run.warnings().toString());
    Map<Weight, Double> before = parameters("earlier");
    Map<Weight, Double> after = parameters("frozen");
    assertEquals(before.size() + 5, after.size());
    int kept = 0;
    for (Map.Entry<Weight, Double> each : before.entrySet()) {
      Weight weight = each.getKey();
      boolean frozen =
          weight.slice().startsWith("layer-1.") || weight.slice().equals("layer-2.biases");
      kept += each.getValue().equals(after.get(weight)) ? 1 : 0;
      assertEquals(frozen, each.getValue().equals(after.get(weight)), weight + " moved or did not");
    }
    assertTrue(kept > 0);
    // a step of Adam is about its rate, ten of them at most ten times as long
    for (Weight weight : before.keySet()) {
      double moved = Math.abs(value(before, weight) - value(after, weight));
      double limit = weight.slice().equals("layer-2.weights") ? 0.1 * 0.01 : 0.01;
      assertTrue(moved <= 2 * 10 * limit, weight + " moved by " + moved);
    }
  }

  @Test
  void aHeadOfOtherClassesIsDrawnAnewAndTheRestIsKept() {
    RunSummary run =
        CommandLineRun.train(
            dir,
            FRAME.formatted(
                "fewer.csv",
                "housing",
                "",
                ", freeze: [layer-1.*, layer-2.*]",
                "{dir}/earlier",
                "head"));
    assertTrue(
        run.notes().stream()
            .anyMatch(n -> n.contains("the head (layer-3.weights, layer-3.biases) is drawn anew")),
        run.notes().toString());
    Map<Weight, Double> before = parameters("earlier");
    Map<Weight, Double> after = parameters("head");
    for (Map.Entry<Weight, Double> each : before.entrySet()) {
      if (!each.getKey().slice().startsWith("layer-3.")) {
        assertEquals(each.getValue(), after.get(each.getKey()), each.getKey().toString());
      }
    }
    assertEquals(
        3 * (4 + 1), after.keySet().stream().filter(w -> w.slice().startsWith("layer-3")).count());
  }

  @Test
  void aRunThatStartsAtAModelAndTakesNoStepIsThatModel() {
    RunSummary earlier = CommandLineRun.summary(dir.resolve("earlier"));
    RunSummary still =
        CommandLineRun.train(
            dir,
            FRAME.formatted(
                    "fewer.csv",
                    DEFAULT,
                    "",
                    ", freeze: [layer-1.*, layer-2.*, layer-3.weights]",
                    "{dir}/earlier",
                    "still")
                + "stopping: {max-iterations: 1}\n");
    Map<Weight, Double> before = parameters("earlier");
    Map<Weight, Double> after = parameters("still");
    long moved = before.keySet().stream().filter(w -> value(before, w) != value(after, w)).count();
    assertEquals(1, moved, "the last bias alone");
    assertFalse(earlier.fingerprint().model().equals(still.fingerprint().model()));
  }

  @Test
  void slicesThatAreToBeFreshAreDrawnAnew() {
    CommandLineRun.train(
        dir,
        FRAME.formatted(
            "fewer.csv",
            DEFAULT,
            "",
            ", freeze: [layer-1.*, layer-2.*]",
            "{run: \"{dir}/earlier\", fresh: layer-2.weights}",
            "fresh"));
    Map<Weight, Double> before = parameters("earlier");
    Map<Weight, Double> after = parameters("fresh");
    for (Map.Entry<Weight, Double> each : before.entrySet()) {
      String slice = each.getKey().slice();
      if (!slice.startsWith("layer-3.")) {
        boolean same = each.getValue().equals(after.get(each.getKey()));
        assertEquals(!slice.equals("layer-2.weights"), same, each.getKey().toString());
      }
    }
  }
}
