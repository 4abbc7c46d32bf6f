package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import dev.talweg.optimizer.random.CounterRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code model: recurrent} from a column of arrays to a saved model and predictions. */
class RecurrentRunTest {
  private static final int STEPS = 6;
  private static final DataType ARRAYS = DataTypes.createArrayType(DataTypes.DoubleType);

  @TempDir static Path dir;

  /** The sum of the first channel where the second is 1. */
  @BeforeAll
  static void rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      List<Double> steps = new ArrayList<>();
      double sum = 0;
      for (int t = 0; t < STEPS; t++) {
        double number = CounterRandom.uniform(1, i, t, 0);
        double mark = CounterRandom.below(2, 2, i, t, 0);
        steps.add(number);
        steps.add(mark);
        sum += number * mark;
      }
      rows.add(RowFactory.create(steps, sum));
    }
    written("rows", ARRAYS, rows);
  }

  private static void written(String name, DataType steps, List<Row> rows) {
    StructType schema = new StructType().add("steps", steps).add("sum", DataTypes.DoubleType);
    LocalSpark.session()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .parquet(dir.resolve(name).toString());
  }

  @Test
  void whatItPredictsIsWhatItsMetricsAreOfAndAnotherRunGoesOnFromIt() {
    String frame =
        """
        data: {train: {dir}/rows, label: sum}
        features: {vector: steps}
        model: {kind: recurrent, cell: gru, hidden: 6, steps: 6, loss: squared}
        optimizer: {kind: adam, learning-rate: 0.02, clip: {global-norm: 1}}
        penalty: {l2: 0}
        batch: 50
        epochs: 10
        partitions: 2
        warm-start: %s
        output: {dir}/%s
        """;
    RunSummary run = CommandLineRun.train(dir, frame.formatted("null", "first"));
    assertPredictionsAreWhatTheMetricIsOf(run, "first", "rows");

    Map<String, Long> slices =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("first/model").toString())
            .collectAsList()
            .stream()
            .collect(Collectors.groupingBy(r -> r.<String>getAs("slice"), Collectors.counting()));
    assertEquals(
        Map.of(
            "layer-1.input-weights", 2L * 18,
            "layer-1.recurrent-weights", 6L * 18,
            "layer-1.input-biases", 18L,
            "layer-1.recurrent-biases", 18L,
            "layer-2.weights", 6L,
            "layer-2.biases", 1L),
        slices);

    RunSummary second = CommandLineRun.train(dir, frame.formatted("{dir}/first", "second"));
    double rmse = CommandLineRun.metric(run, "train", "rmse");
    double better = CommandLineRun.metric(second, "train", "rmse");
    assertTrue(better < rmse, better + " after " + rmse);
  }

  private static void assertPredictionsAreWhatTheMetricIsOf(
      RunSummary run, String name, String data) {
    String model = dir.resolve(name).toString();
    String rows = dir.resolve(data).toString();
    String output = dir.resolve(name + "-predicted").toString();
    CommandLineRun.done("predict", "--model", model, "--data", rows, "--output", output);
    double sum = 0;
    List<Row> predicted = LocalSpark.session().read().parquet(output).collectAsList();
    for (Row row : predicted) {
      double residual = row.<Double>getAs("value") - row.<Double>getAs("label");
      sum += residual * residual;
    }
    double rmse = CommandLineRun.metric(run, "train", "rmse");
    // the same hundreds of terms, added in another order
    assertEquals(rmse, Math.sqrt(sum / predicted.size()), 1e-12 * rmse);
  }

  /** Sums over as many marked steps as a row has, of which some have none; zeros at some ends. */
  private static void rowsOfLengths(String name, int last) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      List<Double> steps = new ArrayList<>();
      int length = CounterRandom.below(STEPS + 1, 3, i, 0, 0);
      double sum = 0;
      for (int t = 0; t < length; t++) {
        double mark = CounterRandom.below(2, 2, i, t, 0);
        double number = CounterRandom.uniform(1, i, t, 0);
        steps.add(number);
        steps.add(mark);
        sum += number * mark;
      }
      rows.add(
          RowFactory.create(
              steps.subList(Math.max(0, steps.size() - 2 * last), steps.size()), sum));
    }
    written(name, ARRAYS, rows);
  }

  private static String ofLengths(String data, String model, String output) {
    return """
        data: {train: {dir}/%s, label: sum}
        features: {vector: steps}
        model: {kind: recurrent, cell: lstm, hidden: 4, channels: 2, loss: squared, %s}
        batch: 50
        epochs: 2
        partitions: 2
        output: {dir}/%s
        """
        .formatted(data, model, output);
  }

  @Test
  void rowsEndWhereTheyEndAndLongerOnesAreToldOrCut() throws IOException {
    rowsOfLengths("ragged", STEPS);
    rowsOfLengths("cut", 4);
    RunSummary run = CommandLineRun.train(dir, ofLengths("ragged", "steps: 9", "ended"));
    assertEquals(18, run.features().dimension());
    assertPredictionsAreWhatTheMetricIsOf(run, "ended", "ragged");

    RunSummary truncated =
        CommandLineRun.train(dir, ofLengths("ragged", "steps: 4, longer: truncate", "truncated"));
    RunSummary cut = CommandLineRun.train(dir, ofLengths("cut", "steps: 4", "of-cut"));
    assertEquals(cut.fingerprint().model(), truncated.fingerprint().model());

    refused("steps: 4", "numbers are more than the 8 of all steps", "longer: truncate", "ragged");
    refused("steps: 9, channels: 4", "are no whole steps of 4 numbers (model.channels)");
  }

  private static void refused(String model, String... says) throws IOException {
    Path file = dir.resolve("refused.yaml");
    String yaml = ofLengths("ragged", model, "refused").replace("{dir}", dir.toString());
    Files.writeString(file, model.contains("channels") ? yaml.replace("channels: 2, ", "") : yaml);
    CommandLineRun refused = CommandLineRun.of("train", file.toString());
    assertEquals(2, refused.exitCode(), refused.err());
    for (String text : says) {
      assertTrue(refused.err().contains(text), refused.err());
    }
  }

  /** Dense and sparse ones in turn. */
  @Test
  void vectorsAreTheSequencesThatArraysAre() {
    rowsOfLengths("arrays", STEPS);
    List<Row> vectors = new ArrayList<>();
    for (Row row :
        LocalSpark.session().read().parquet(dir.resolve("arrays").toString()).collectAsList()) {
      double[] numbers = row.<Double>getList(0).stream().mapToDouble(x -> x).toArray();
      Vector dense = Vectors.dense(numbers);
      vectors.add(
          RowFactory.create(vectors.size() % 2 == 0 ? dense : dense.toSparse(), row.getDouble(1)));
    }
    written("vectors", SQLDataTypes.VectorType(), vectors);
    String one = "partitions=1";
    RunSummary arrays =
        CommandLineRun.train(dir, ofLengths("arrays", "steps: 6", "of-arrays"), "--set", one);
    RunSummary same =
        CommandLineRun.train(dir, ofLengths("vectors", "steps: 6", "of-vectors"), "--set", one);
    assertEquals(arrays.fingerprint().model(), same.fingerprint().model());
  }

  private static final int LONG = 100;

  /**
   * The adding problem (Hochreiter and Schmidhuber 1997): of 100 steps of a number and a mark two
   * are marked, one in each half; the label is the sum of their numbers.
   */
  private static void addingProblem(String name, int count, long seed) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = CounterRandom.below(LONG / 2, seed, i, 0, 1);
      int second = LONG / 2 + CounterRandom.below(LONG / 2, seed, i, 0, 2);
      List<Double> steps = new ArrayList<>();
      double sum = 0;
      for (int t = 0; t < LONG; t++) {
        double number = CounterRandom.uniform(seed, i, t, 3);
        boolean marked = t == first || t == second;
        steps.add(number);
        steps.add(marked ? 1.0 : 0.0);
        sum += marked ? number : 0;
      }
      rows.add(RowFactory.create(steps, sum));
    }
    written(name, ARRAYS, rows);
  }

  /**
   * Clipping in the problem that is its classical case: two configurations that differ in {@code
   * clip} alone. To tell their mean of all rows leaves a variance of 1/6.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void theAddingProblemOverAHundredStepsDivergesWithoutClippingAndTrainsWithIt(long seed)
      throws IOException {
    addingProblem("adding-" + seed, 6000, seed);
    String frame =
        """
        seed: %1$d
        data: {train: {dir}/adding-%1$d, label: sum, validation: {fraction: 0.2}}
        features: {vector: steps}
        model: {kind: recurrent, cell: lstm, hidden: 4, steps: 100, gate-biases: chrono, loss: squared}
        optimizer: {kind: momentum, learning-rate: 8, momentum: 0.9%2$s}
        penalty: {l2: 0}
        batch: 16
        epochs: 5
        partitions: 2
        output: {dir}/%3$s-%1$d
        """;
    Path file = dir.resolve("plain-" + seed + ".yaml");
    Files.writeString(file, frame.formatted(seed, "", "plain").replace("{dir}", dir.toString()));
    assertEquals(1, CommandLineRun.of("train", file.toString()).exitCode());
    RunSummary plain = CommandLineRun.summary(dir.resolve(".plain-" + seed + ".talweg/failed"));
    assertEquals("failed", plain.status(), plain.termination().describe());

    RunSummary clipped =
        CommandLineRun.train(
            dir, frame.formatted(seed, ", clip: {global-norm: 0.0015}", "clipped"));
    double rmse = CommandLineRun.metric(clipped, "validation", "rmse");
    assertTrue(rmse * rmse < 1.0 / 6 / 4, "a mean square of " + rmse * rmse);
  }
}
