package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import dev.talweg.optimizer.random.CounterRandom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is said of whole runs of nets: three that are sick, each in its way, and three that are
 * well.
 */
class WatchedNetsTest {
  private static final int STEPS = 60;

  private static final String GERMAN =
      """
      data: {train: %s, label: {column: default, positive: "yes"}}
      features: {numeric: [age, amount, months_loan_duration], categorical: [purpose, job, housing]}
      batch: 50
      epochs: 20
      """
          .formatted(CommandLineRun.sample("german-credit/credit.csv"));

  private static final String MUSHROOMS =
      """
      data: {train: %s, label: label}
      features: {vector: features}
      batch: 100
      epochs: 5
      """
          .formatted(CommandLineRun.sample("mushrooms/mushrooms.libsvm"));

  private static final String ADDING =
      """
      data: {train: {dir}/adding, label: sum}
      features: {vector: steps}
      batch: 50
      epochs: 20
      """;

  @TempDir static Path dir;

  /** The adding problem (Hochreiter and Schmidhuber 1997): the sum of the two numbers marked. */
  @BeforeAll
  static void rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int first = CounterRandom.below(STEPS / 2, 1, i, 0, 1);
      int second = STEPS / 2 + CounterRandom.below(STEPS / 2, 1, i, 0, 2);
      List<Double> steps = new ArrayList<>();
      double sum = 0;
      for (int t = 0; t < STEPS; t++) {
        double number = CounterRandom.uniform(1, i, t, 3);
        double mark = t == first || t == second ? 1 : 0;
        steps.add(number);
        steps.add(mark);
        sum += number * mark;
      }
      rows.add(RowFactory.create(steps, sum));
    }
    StructType schema =
        new StructType()
            .add("steps", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("sum", DataTypes.DoubleType);
    LocalSpark.session()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .parquet(dir.resolve("adding").toString());
  }

  private static Stream<Arguments> nets() {
    String deep = "perceptron, hidden: [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8], activation: sigmoid";
    String rnn = "recurrent, cell: rnn, hidden: 12, steps: " + STEPS + ", loss: squared";
    String gru = "recurrent, cell: gru, hidden: 8, steps: " + STEPS + ", loss: squared";
    return Stream.of(
        net("deep", GERMAN, deep, "adam", List.of("vanishing", "plateau")),
        net(
            "fast",
            GERMAN,
            "perceptron, hidden: [16, 8]",
            "adam, learning-rate: 10",
            List.of("exploding", "dead units", "plateau")),
        net(
            "unclipped",
            ADDING,
            rnn,
            "momentum, learning-rate: 1, momentum: 0.9",
            List.of("exploding", "diverging", "plateau", "step")),
        net("layers", GERMAN, "perceptron, hidden: [16, 8]", "adam", List.of()),
        net(
            "sparse",
            MUSHROOMS,
            "perceptron, hidden: [16]",
            "adam, learning-rate: 0.01",
            List.of()),
        net(
            "clipped",
            ADDING,
            gru,
            "adam, learning-rate: 0.01, clip: {global-norm: 1}",
            List.of()));
  }

  private static Arguments net(
      String name, String data, String model, String rule, List<String> said) {
    String yaml =
        "seed: 3\npartitions: 2\npenalty: {l2: 0}\n%smodel: {kind: %s}\noptimizer: {kind: %s}\noutput: {dir}/%s\n"
            .formatted(data, model, rule, name);
    return Arguments.of(name, yaml, said);
  }

  /** By the first words of the warnings; one of a rescue begins with its step. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("nets")
  void whatIsSaidOfANetIsWhatAilsIt(String name, String yaml, List<String> said) {
    List<String> warnings = CommandLineRun.train(dir, yaml).warnings();
    assertEquals(said, warnings.stream().map(text -> text.replaceAll("( \\d+)?:.*", "")).toList());
  }
}
