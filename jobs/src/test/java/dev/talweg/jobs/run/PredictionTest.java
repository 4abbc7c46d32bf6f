package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trained model on new data, whatever its columns look like. */
class PredictionTest {
  private static final String HEADER = "id,amount,age,sex,job,default";

  @TempDir static Path dir;
  private static Map<Integer, Double> expected = Map.of();

  @BeforeAll
  static void train() throws IOException {
    StringBuilder text = new StringBuilder(HEADER + "\n");
    for (int i = 0; i < 200; i++) {
      text.append(row(i)).append('\n');
    }
    Files.writeString(dir.resolve("train.csv"), text);
    CommandLineRun.train(
        dir,
        """
        data:
          train: {dir}/train.csv
          label: default
          keys: [id]
          validation: {path: {dir}/train.csv}
        features: {numeric: [amount, age], categorical: [sex], crosses: [[sex, job]]}
        model: logistic
        evaluation: {metrics: [ndcg@10, ece-equal-mass@5, item-coverage@1], query: id, item: id}
        output: {dir}/model
        """);
    expected = scores("all", "train.csv");
  }

  private static String row(int i) {
    String amount = i % 11 == 3 ? "" : Integer.toString(i * 37 % 1000);
    return i
        + ","
        + amount
        + ","
        + (20 + i % 40)
        + ","
        + (i % 3 == 0 ? "f" : "m")
        + ",j"
        + i % 4
        + ","
        + (i * 7 % 5 < 2 ? 1 : 0);
  }

  private static Map<Integer, Double> scores(String output, String data, String... more) {
    CommandLineRun.predict(dir, "model", data, output, more);
    Map<Integer, Double> scores = new HashMap<>();
    for (Row row : table(output).select("id", "probability").collectAsList()) {
      scores.put(row.getInt(0), row.isNullAt(1) ? Double.NaN : row.getDouble(1));
    }
    return scores;
  }

  private static Dataset<Row> table(String name) {
    return LocalSpark.session().read().parquet(dir.resolve(name).toString());
  }

  private static void write(String name, List<String> lines) throws IOException {
    Files.writeString(dir.resolve(name), String.join("\n", lines) + "\n");
  }

  @Test
  void columnsInAnotherOrderAndMoreOfThemChangeNothing() throws IOException {
    write(
        "other.csv",
        List.of("comment,sex,id,job,age,amount", "hello,f,3,j3,23,", "x,m,10,j2,30,370"));
    Map<Integer, Double> scores = scores("other", "other.csv");
    assertEquals(expected.get(3), scores.get(3));
    assertEquals(expected.get(10), scores.get(10));
  }

  @Test
  void aRunsHeldOutPredictionsAreThoseOfPredict() {
    Map<Integer, Double> held = new HashMap<>();
    for (Row row :
        table("model/predictions").select("id", "probability", "split").collectAsList()) {
      assertEquals("validation", row.getString(2));
      held.put(row.getInt(0), row.getDouble(1));
    }
    assertEquals(expected, held);
  }

  @Test
  void aTextThatStoodForAMissingNumberDoesSoInNewRows() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,age,default"));
    for (int i = 0; i < 60; i++) {
      lines.add(i + "," + (i % 7 == 3 ? "unknown" : 20 + i % 40) + "," + (i * 7 % 5 < 2 ? 1 : 0));
    }
    write("ages.csv", lines);
    CommandLineRun.train(
        dir,
        """
        data: {train: {dir}/ages.csv, label: default, keys: [id], validation: {path: {dir}/ages.csv}}
        features: {numeric: [age], missing: [unknown]}
        model: logistic
        output: {dir}/aged
        """);
    CommandLineRun.predict(dir, "aged", "ages.csv", "of-ages");
    assertEquals(
        table("aged/predictions").select("id", "probability").orderBy("id").collectAsList(),
        table("of-ages").select("id", "probability").orderBy("id").collectAsList());
  }

  @Test
  void anUnseenCategoryHasNoWeight() throws IOException {
    write(
        "unseen.csv",
        List.of("id,amount,age,sex,job", "1,100,30,x,j1", "2,100,30,y,j9", "3,100,30,m,j1"));
    Map<Integer, Double> scores = scores("unseen", "unseen.csv");
    assertEquals(scores.get(1), scores.get(2));
    assertNotEquals(scores.get(1), scores.get(3));
    assertTrue(scores.getOrDefault(1, -1.0) > 0 && scores.getOrDefault(1, 2.0) < 1);
  }

  @Test
  void aRowThatCannotBeScoredSaysWhyAndStays() throws IOException {
    write("bad.csv", List.of("id,amount,age,sex,job", "1,Infinity,30,m,j1", "2,100,30,m,j1"));
    Map<Integer, Double> scores = scores("bad", "bad.csv");
    assertEquals(2, scores.size());
    assertEquals(Double.NaN, scores.get(1));
    String problem = table("bad").where("id = 1").select("problem").first().getString(0);
    assertTrue(problem.contains("amount") && problem.contains("infinite"), problem);
  }

  @Test
  void theLabelIsCopiedWhereItIsKnown() {
    Row first = table("all").where("id = 0").select("label").first();
    assertEquals(1.0, first.getDouble(0));
  }

  @Test
  void evaluateGivesTheMetricsOfTheRun() {
    CommandLineRun run =
        CommandLineRun.done("evaluate", "--model", dir + "/model", "--data", dir + "/train.csv");
    RunSummary summary = CommandLineRun.summary(dir.resolve("model"));
    double auc = CommandLineRun.metric(summary, "validation", "auc-roc");
    assertTrue(run.out().contains(String.format(Locale.ROOT, "%.6f", auc)), run.out());
  }

  @Test
  void evaluateGivesMetricsThatWereAskedFor() {
    CommandLineRun run =
        CommandLineRun.done(
            "evaluate",
            "--model",
            dir + "/model",
            "--data",
            dir + "/train.csv",
            "--metrics",
            "ece-equal-mass@5,ndcg@10,lift@20,precision@3",
            "--query",
            "job");
    // two of them of all rows, the others of the rows of each job
    assertEquals(
        List.of("ndcg@10", "precision@3", "ece-equal-mass@5", "lift@20"),
        run.out()
            .lines()
            .map(line -> line.strip().split(" +", -1)[0])
            .filter(name -> name.contains("@"))
            .toList(),
        run.out());
    assertTrue(
        run.out().lines().anyMatch(line -> line.matches(" *ndcg@10 +0\\.\\d+ ± .*")), run.out());
  }

  /** Three of some hundred rows of either sex, which are no item twice. */
  @Test
  void evaluateTellsWhichItemsAreShown() {
    CommandLineRun run =
        CommandLineRun.done(
            "evaluate",
            "--model",
            dir + "/model",
            "--data",
            dir + "/train.csv",
            "--metrics",
            "item-coverage@3,item-entropy@3,item-gini@3",
            "--query",
            "sex",
            "--item",
            "id");
    assertEquals(
        List.of(
            "item-coverage@3    0.030000", // 6 of 200
            "item-entropy@3     1.791759", // log 6
            "item-gini@3        0.970000"), // what six have alike and 194 have not
        run.out().lines().map(String::strip).filter(line -> line.startsWith("item")).toList());
  }

  @Test
  void aRunMeasuresOfHeldOutRowsWhatItWasAskedFor() {
    RunSummary summary = CommandLineRun.summary(dir.resolve("model"));
    // of queries of one row each, the share that is relevant: two of five rows
    assertEquals(0.4, CommandLineRun.metric(summary, "validation", "ndcg@10"), 1e-15);
    assertEquals(1, CommandLineRun.metric(summary, "validation", "item-coverage@1"));
    assertEquals(
        List.of("validation"),
        summary.metrics().entrySet().stream()
            .filter(split -> split.getValue().containsKey("ndcg@10"))
            .map(Map.Entry::getKey)
            .toList());
    CommandLineRun evaluated =
        CommandLineRun.done(
            "evaluate",
            "--model",
            dir + "/model",
            "--data",
            dir + "/train.csv",
            "--metrics",
            "ece-equal-mass@5");
    double error = CommandLineRun.metric(summary, "validation", "ece-equal-mass@5");
    assertTrue(error > 0);
    assertTrue(
        evaluated.out().contains(String.format(Locale.ROOT, "ece-equal-mass@5   %.6f", error)),
        evaluated.out());
    assertEquals(
        1, table("model/metrics").where("metric = 'ndcg@10' and split = 'validation'").count());
  }

  @Test
  void anOutputIsOnlyReplacedWhenAsked() {
    scores("again", "train.csv");
    CommandLineRun refused =
        CommandLineRun.of(
            "predict",
            "--model",
            dir + "/model",
            "--data",
            dir + "/train.csv",
            "--output",
            dir + "/again");
    assertEquals(2, refused.exitCode());
    assertEquals(expected, scores("again", "train.csv", "--overwrite"));
    assertFalse(Files.exists(dir.resolve(".again.talweg")), "the work directory stayed");
  }
}
