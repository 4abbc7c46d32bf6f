package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code model: multinomial} from a file to a certified model, predictions and metrics. */
class MultinomialRunTest {
  private static final String FRAME =
      """
      data: {train: %s, label: %s, %s}
      features: {numeric: [amount, age, months_loan_duration], categorical: [housing, job]}
      model: multinomial
      penalty: {l2: %s, standardize: numeric}
      stopping: {gap: %s, max-iterations: 300}
      output: {dir}/%s
      """;

  private static final String GERMAN = CommandLineRun.sample("german-credit/credit.csv");

  @TempDir static Path dir;

  static List<JsonNode> optima() throws IOException {
    try (InputStream stream =
        MultinomialRunTest.class.getResourceAsStream("/goldens/multinomial.json")) {
      List<JsonNode> optima = new ArrayList<>();
      new ObjectMapper().readTree(stream).path("optima").forEach(optima::add);
      return optima;
    }
  }

  private static String config(String label, String more, String l2, String gap, String output) {
    return FRAME.formatted(GERMAN, label, more, l2, gap, output);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optima")
  void aRunReachesTheOptimumOfScikitLearn(JsonNode golden) throws IOException {
    String label = golden.path("name").asText();
    RunSummary run =
        CommandLineRun.train(
            dir, config(label, "keys: [phone]", golden.path("l2").asText(), "1e-10", label));

    assertEquals("converged", run.status(), run.termination().describe());
    double optimum = golden.path("objective").asDouble();
    double measured = Objects.requireNonNull(run.objective().value());
    // the run is certified to 1e-10 relative, the golden's own gradient is zero to rounding
    assertEquals(optimum, measured, 1e-9 * optimum);
    double gap = Objects.requireNonNull(run.certificate().relativeGap());
    assertTrue(gap <= 1e-10, "certified gap " + gap);
    assertTrue(measured - optimum <= (gap + 1e-13) * optimum, measured + " - " + optimum);
    // no two classes are as probable as one another to nine digits
    assertEquals(
        golden.path("accuracy").asDouble(), CommandLineRun.metric(run, "train", "accuracy"), 1e-12);

    List<String> classes = classes(label);
    List<String> expected = new ArrayList<>();
    golden.path("classes").forEach(name -> expected.add(name.asText()));
    assertEquals(expected, classes);

    predictionsAreThoseOfTheModel(label, classes, golden.path("accuracy").asDouble());
  }

  private static List<String> classes(String output) throws IOException {
    List<String> classes = new ArrayList<>();
    new ObjectMapper()
        .readTree(Files.readString(dir.resolve(output).resolve("model.json")))
        .path("encoding")
        .path("classes")
        .forEach(name -> classes.add(name.asText()));
    return classes;
  }

  private void predictionsAreThoseOfTheModel(String label, List<String> classes, double accuracy) {
    String output = dir.resolve(label + "-predicted").toString();
    CommandLineRun.done(
        "predict", "--model", dir.resolve(label).toString(), "--data", GERMAN, "--output", output);
    Dataset<Row> table = LocalSpark.session().read().parquet(output);
    assertEquals(
        List.of("phone", "label", "prediction", "probability", "probabilities", "problem"),
        List.of(table.columns()));
    List<Row> rows = table.collectAsList();
    int right = 0;
    for (Row row : rows) {
      List<Double> probabilities = row.getList(4);
      assertEquals(classes.size(), probabilities.size());
      double sum = probabilities.stream().mapToDouble(Double::doubleValue).sum();
      assertEquals(1, sum, classes.size() * Math.ulp(1.0)); // each is a rounded quotient
      int predicted = probabilities.indexOf(row.getDouble(3));
      double most = probabilities.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
      assertEquals(most, row.getDouble(3));
      String name = classes.get(predicted);
      boolean number = row.get(2) instanceof Double;
      assertEquals(number ? (Object) Double.valueOf(name) : name, row.get(2));
      right += row.get(1).equals(row.get(2)) ? 1 : 0;
    }
    assertEquals(accuracy, (double) right / rows.size(), 1e-12);
  }

  @Test
  void heldOutRowsOfAnUnknownClassArePredictedAndCountedInNoMetric() throws IOException {
    String rows =
        """
        x,kind
        1,a
        2,b
        3,c
        1.5,a
        2.5,b
        3.5,c
        """;
    Files.writeString(dir.resolve("known.csv"), rows);
    Files.writeString(dir.resolve("new.csv"), "x,kind\n1,a\n2,ship\n3,c\n");
    RunSummary run =
        CommandLineRun.train(
            dir,
            """
            data: {train: {dir}/known.csv, label: kind, validation: {path: {dir}/new.csv}}
            model: multinomial
            penalty: {l2: 1e-2}
            output: {dir}/unknown
            """);
    assertEquals(2, run.rows().validation());
    assertTrue(
        run.warnings().stream().anyMatch(w -> w.contains("1 held-out rows")),
        run.warnings().toString());
    List<Row> predictions =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("unknown/predictions").toString())
            .collectAsList();
    assertEquals(3, predictions.size());
    assertEquals(1, predictions.stream().filter(row -> row.getAs("label") == null).count());
    CommandLineRun evaluated =
        CommandLineRun.done(
            "evaluate", "--model", dir + "/unknown", "--data", dir.resolve("new.csv").toString());
    assertTrue(evaluated.out().contains("2 rows"), evaluated.out());
    assertTrue(evaluated.err().contains("1 held-out rows"), evaluated.err());
  }

  /** Labels are looked up and no index is written: there is none that could be out of range. */
  @Test
  void classesAreTheValuesThatThereAre() throws IOException {
    Files.writeString(dir.resolve("values.csv"), "x,kind\n1,900\n2,-1\n3,2.5\n1.5,900\n2.5,-1\n");
    CommandLineRun.train(
        dir,
        "data: {train: {dir}/values.csv, label: kind}\nmodel: multinomial\noutput: {dir}/values");
    assertEquals(List.of("-1", "2.5", "900"), classes("values"));
  }

  @Test
  void aResumedRunIsTheRunThatWentOn() {
    String whole = config("purpose", "", "1e-5", "1e-9", "whole");
    RunSummary uncut = CommandLineRun.train(dir, whole);
    assertTrue(uncut.iterations() > 7, uncut.iterations() + " steps");
    RunSummary resumed = CutRun.resumed(dir, config("purpose", "", "1e-5", "1e-9", "cut"), 7);
    assertEquals(uncut.fingerprint().model(), resumed.fingerprint().model());
  }

  private static String kinked(String penalty, String output) {
    return config("purpose", "", "0", "1e-8", output)
        .replace("penalty: {l2: 0, ", "penalty: {" + penalty + ", ");
  }

  private static double[] weights(String output, String feature) {
    return LocalSpark.session()
        .read()
        .parquet(dir.resolve(output).resolve("model").toString())
        .filter(functions.col("feature").equalTo(feature))
        .orderBy("class")
        .collectAsList()
        .stream()
        .mapToDouble(row -> row.getAs("value"))
        .toArray();
  }

  @Test
  void anElasticNetSelectsWeightsIsCertifiedAndGoesOnWithTheSameBits() {
    String penalty = "l1: 5e-3, l2: 1e-3, factors: {age: 0.5}";
    RunSummary run = CommandLineRun.train(dir, kinked(penalty, "net"));
    assertEquals("gap", run.termination().criterion(), run.termination().describe());
    double gap = Objects.requireNonNull(run.certificate().relativeGap());
    assertTrue(gap <= 1e-8, "certified gap " + gap);
    // curvatures are up to ½ · 1.9e7, amounts squared: |residual|² ≤ 2 · 9.5e6 · 1e-8 · 2
    assertTrue(Objects.requireNonNull(run.objective().kktResidual()) < 0.62);
    assertTrue(run.features().selected() > 2, run.features().toString());
    double loss = CommandLineRun.metric(run, "train", "log-loss");
    assertTrue(loss < Objects.requireNonNull(run.objective().value()), "without the penalty");
    double[] age = weights("net", "age");
    long zeros = Arrays.stream(age).filter(w -> w == 0).count();
    assertTrue(zeros > 0 && zeros < age.length, Arrays.toString(age));
    RunSummary resumed = CutRun.resumed(dir, kinked(penalty, "cut-net"), 7);
    assertEquals(run.fingerprint().model(), resumed.fingerprint().model());
  }

  @Test
  void boundsHoldForTheWeightsOfEveryClass() {
    String penalty = "l2: 1e-3, bounds: {age: non-negative, amount: {lower: -1e-5, upper: 1e-5}}";
    RunSummary run = CommandLineRun.train(dir, kinked(penalty, "bounded"));
    assertEquals("gap", run.termination().criterion(), run.termination().describe());
    assertTrue(Objects.requireNonNull(run.certificate().relativeGap()) <= 1e-8);
    double[] age = weights("bounded", "age");
    assertTrue(Arrays.stream(age).allMatch(w -> w >= 0), Arrays.toString(age));
    assertTrue(Arrays.stream(age).anyMatch(w -> w > 0), Arrays.toString(age));
    double[] amount = weights("bounded", "amount");
    assertTrue(Arrays.stream(amount).allMatch(w -> Math.abs(w) <= 1e-5), Arrays.toString(amount));
  }

  @Test
  void aWarmStartBeginsAtTheEarlierModel() {
    RunSummary cold =
        CommandLineRun.train(
            dir,
            config("housing", "", "1e-3", "1e-9", "cold")
                .replace(", categorical: [housing, job]", ""));
    RunSummary warm =
        CommandLineRun.train(
            dir,
            config("housing", "", "1e-3", "1e-9", "warm")
                    .replace(", categorical: [housing, job]", "")
                + "warm-start: {dir}/cold\n");
    assertTrue(cold.iterations() > 0);
    assertTrue(warm.iterations() < cold.iterations(), warm.iterations() + " steps");
  }

  @Test
  void miniBatchesComeWithinAPercentOfTheOptimum() {
    RunSummary best =
        CommandLineRun.train(dir, config("percent_of_income", "", "1e-2", "1e-8", "best"));
    RunSummary run =
        CommandLineRun.train(
            dir,
            """
            data: {train: %s, label: percent_of_income}
            features: {numeric: [amount, age, months_loan_duration], categorical: [housing, job]}
            model: multinomial
            penalty: {l2: 1e-2, standardize: numeric}
            optimizer: {kind: adam, learning-rate: 0.01}
            batch: 100
            epochs: 60
            output: {dir}/batches
            """
                .formatted(GERMAN));
    double optimum = Objects.requireNonNull(best.objective().value());
    double measured = Objects.requireNonNull(run.objective().value());
    assertTrue(measured >= optimum * (1 - 1e-8), measured + " below the optimum " + optimum);
    assertEquals(optimum, measured, 0.01 * optimum); // what the name says
  }

  @Test
  void whatCannotBeClassesIsSaidWithTheRemedy() throws IOException {
    Files.writeString(dir.resolve("one.csv"), "x,kind\n1,a\n2,a\n");
    StringBuilder many = new StringBuilder("x,kind\n");
    for (int i = 0; i < 1001; i++) {
      many.append(i).append(",k").append(i).append('\n');
    }
    Files.writeString(dir.resolve("many.csv"), many);
    assertEquals("has one class only", problem("one.csv", "kind", "has one class only"));
    assertEquals("more than 1000 values", problem("many.csv", "kind", "more than 1000 values"));
    assertEquals(
        "no positive class",
        problem("one.csv", "{column: kind, positive: a}", "no positive class"));
  }

  private static String problem(String file, String label, String expected) throws IOException {
    Path config = dir.resolve("bad.yaml");
    Files.writeString(
        config,
        "data: {train: %s, label: %s}\nmodel: multinomial\noutput: %s/bad\n"
            .formatted(dir.resolve(file), label, dir));
    CommandLineRun run = CommandLineRun.of("train", config.toString());
    assertEquals(2, run.exitCode(), run.err());
    return run.err().contains(expected) ? expected : run.err();
  }
}
