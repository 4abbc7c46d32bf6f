package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code model: {intercept: false}} from files to a model, its predictions and its checkpoints. */
class ThroughTheOriginRunTest {
  private static final String FRAME =
      """
      seed: 3
      data: {train: {dir}/%s, label: %s}
      features: {numeric: [age, amount]}
      model: {kind: %s, intercept: %s}
      penalty: {l2: 1e-2, standardize: none}
      partitions: 2
      %s
      output: {dir}/%s
      """;

  /** How near the two sides of an equality are to their optimum, relative. */
  private static final double GAP = 1e-9;

  @TempDir static Path dir;

  /** Rows; and the same with the mirror image of each, whose model has the intercept 0. */
  @BeforeAll
  static void rowsAndTheirMirrorImages() throws IOException {
    StringBuilder plain = new StringBuilder("age,amount,bad,cost,kind\n");
    StringBuilder mirrored = new StringBuilder(plain);
    List<String> lines =
        Files.readAllLines(Path.of(CommandLineRun.sample("german-credit/credit.csv")));
    List<String> names = List.of(lines.get(0).split(",", -1));
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",", -1);
      double age = Double.parseDouble(fields[names.indexOf("age")]) / 64;
      double amount = Double.parseDouble(fields[names.indexOf("amount")]) / 8192;
      int bad = fields[names.indexOf("default")].contains("yes") ? 1 : 0;
      double cost = 1 + amount * bad;
      String kind = "k" + fields[names.indexOf("percent_of_income")];
      String row = age + "," + amount + "," + bad + "," + cost + "," + kind + "\n";
      plain.append(row);
      mirrored.append(row);
      mirrored.append(-age + "," + -amount + "," + (1 - bad) + "," + -cost + "," + kind + "\n");
    }
    Files.writeString(dir.resolve("rows.csv"), plain);
    Files.writeString(dir.resolve("mirrored.csv"), mirrored);
  }

  private static RunSummary train(
      String file, String label, String kind, String intercept, String more, String output) {
    return CommandLineRun.train(dir, FRAME.formatted(file, label, kind, intercept, more, output));
  }

  /** Of every class. */
  private static List<Double> intercepts(String output) {
    return LocalSpark.session()
        .read()
        .parquet(dir.resolve(output).resolve("model").toString())
        .where("slice like 'intercept%'")
        .collectAsList()
        .stream()
        .map(row -> row.<Double>getAs("value"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "bad, logistic, auto", "bad, logistic, online-lbfgs", "bad, logistic, newton-cholesky",
    "bad, logistic, newton-cg", "bad, logistic, proximal-quasi-newton", "bad, logistic, cocoa",
    "bad, 'svm, loss: squared-hinge', auto", "cost, linear, auto",
        "cost, 'linear, loss: huber', auto"
  })
  void theOptimumIsThatOfMirroredRowsWithAnIntercept(String label, String kind, String optimizer) {
    String name = (label + kind + optimizer).replaceAll("\\W", "");
    String more = "optimizer: " + optimizer + "\nstopping: {gap: " + GAP + ", max-iterations: 400}";
    RunSummary run = train("rows.csv", label, kind, "false", more, name);
    RunSummary mirrored =
        train(
            "mirrored.csv",
            label,
            kind,
            "true",
            more.replace(optimizer, "auto"),
            name + "-mirrored");
    assertEquals("converged", run.status(), run.termination().describe());
    double optimum = Objects.requireNonNull(mirrored.objective().value());
    assertEquals(optimum, Objects.requireNonNull(run.objective().value()), 2 * GAP * optimum);
    double gap = Objects.requireNonNull(run.certificate().relativeGap());
    assertTrue(gap <= GAP, "certified gap " + gap);
    assertEquals(List.of(0.0), intercepts(name));
    // with an intercept the rows themselves have another model
    RunSummary free = train("rows.csv", label, kind, "true", more, name + "-free");
    assertTrue(Objects.requireNonNull(free.objective().value()) < optimum * (1 - 1e-3), "as good");
    assertNotEquals(List.of(0.0), intercepts(name + "-free"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer: {kind: owl-qn}\npenalty: {l1: 1e-2}",
        "optimizer: {kind: adam, learning-rate: 0.05}\nstopping: {max-iterations: 40}",
        "optimizer: plain-lbfgs",
        "optimizer: {kind: sgd, learning-rate: 0.5, noise: 0.1}\nbatch: 100\nepochs: 2",
        "optimizer: {kind: adamw, weight-decay: 0.1}\nbatch: 100\nepochs: 2\nlocal-steps: 3",
        "optimizer: {kind: sgd, clip-examples: 0.5}\nbatch: 100\nepochs: 2"
      })
  void noOptimizerMovesAnInterceptThatThereIsNot(String more) {
    String name = "still" + more.hashCode();
    boolean own = more.contains("penalty");
    String yaml = FRAME.formatted("rows.csv", "bad", "logistic", "false", more, name);
    RunSummary run = CommandLineRun.train(dir, own ? yaml.replaceFirst("penalty: .*\n", "") : yaml);
    assertTrue(run.iterations() > 3, run.iterations() + " steps");
    assertEquals(List.of(0.0), intercepts(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stopping: {gap: 1e-9}", "optimizer: adam\nbatch: 100\nepochs: 2"})
  void noClassHasAnIntercept(String more) {
    String name = "classes" + more.length();
    RunSummary run = train("rows.csv", "kind", "multinomial", "false", more, name);
    assertEquals(List.of(0.0, 0.0, 0.0, 0.0), intercepts(name));
    if (!more.contains("batch")) {
      assertEquals("converged", run.status(), run.termination().describe());
      assertTrue(Objects.requireNonNull(run.certificate().relativeGap()) <= GAP);
    }
  }

  @Test
  void aRowOfZerosIsPredictedAtTheOrigin() throws IOException {
    train("rows.csv", "bad", "logistic", "false", "", "predicting");
    Files.writeString(dir.resolve("zeros.csv"), "age,amount\n0,0\n1,0\n");
    String output = dir.resolve("predicted").toString();
    CommandLineRun.predict(dir, "predicting", "zeros.csv", "predicted");
    List<Row> rows = LocalSpark.session().read().parquet(output).orderBy("margin").collectAsList();
    List<Double> margins = rows.stream().map(row -> row.<Double>getAs("margin")).toList();
    assertTrue(margins.contains(0.0) && !margins.get(0).equals(margins.get(1)), "" + margins);
    assertEquals(0.5, rows.get(margins.indexOf(0.0)).<Double>getAs("probability"));
  }

  @Test
  void aWarmStartLeavesTheEarlierInterceptBehind() {
    train("rows.csv", "bad", "logistic", "true", "", "earlier");
    assertNotEquals(List.of(0.0), intercepts("earlier"));
    String more = "optimizer: momentum\nbatch: 100\nepochs: 1\nwarm-start: {dir}/earlier";
    train("rows.csv", "bad", "logistic", "false", more, "warm");
    assertEquals(List.of(0.0), intercepts("warm"));
  }

  @ParameterizedTest
  @CsvSource({
    "bad, logistic, 'optimizer: newton-cg\nstopping: {gap: 1e-13}'",
    "kind, multinomial, 'stopping: {gap: 1e-12}'",
    "bad, 'svm, loss: hinge, smoothing: 0', 'stopping: {gap: 1e-9}'",
    "bad, logistic, 'optimizer: adam\nbatch: 50\nepochs: 1'"
  })
  void aResumedRunIsTheRunThatWentOn(String label, String kind, String more) {
    String often = more + "\ncheckpoint: {every: 1}";
    String name = "cut" + (kind + more).hashCode();
    RunSummary uncut = train("rows.csv", label, kind, "false", often, name + "-whole");
    assertTrue(uncut.iterations() > 2, uncut.iterations() + " steps");
    String yaml = FRAME.formatted("rows.csv", label, kind, "false", often, name);
    RunSummary resumed = CutRun.resumed(dir, yaml, 2);
    assertEquals(uncut.fingerprint().model(), resumed.fingerprint().model());
  }
}
