package dev.talweg.jobs.notebook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.config.ConfigException;
import dev.talweg.jobs.config.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on DataFrames, as Python begins them. */
class NotebookTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SparkSession SPARK = LocalSpark.session();

  private static Dataset<Row> rows(int partitions) {
    return SPARK
        .range(0, 300, 1, partitions)
        .selectExpr("id", "cast(id % 7 as double) as x", "cast(id % 7 + id % 3 > 5 as int) as y");
  }

  private static String config(Path output, String more) {
    return """
        {"data": {"table": "rows", "label": "y", "keys": ["id"]%s}, "model": "logistic", "output": "%s"}
        """
        .formatted(more, output);
  }

  private static JsonNode ended(BackgroundRun run) throws IOException, InterruptedException {
    JsonNode told;
    do {
      told = JSON.readTree(run.poll(1000));
    } while (!told.get("ended").asBoolean());
    return told;
  }

  private static JsonNode trained(Path output, String more, Map<String, Dataset<Row>> frames)
      throws IOException, InterruptedException {
    BackgroundRun run = new Notebook(SPARK).train(config(output, more), frames, "fresh", "refuse");
    JsonNode told = ended(run);
    assertTrue(told.has("summary"), told.toString());
    return JSON.readTree(told.get("summary").asText());
  }

  @Test
  void aFrameIsReadInItsOwnPartitionsAndHasNoNameInTheUsersCatalog(@TempDir Path dir)
      throws IOException, InterruptedException {
    JsonNode summary = trained(dir.resolve("run"), "", Map.of("rows", rows(3)));
    assertEquals(3, summary.get("partitions").asInt());
    assertEquals(300, summary.at("/rows/train").asInt());
    assertFalse(SPARK.catalog().tableExists("rows"));
  }

  @Test
  void aSplitMayBeAFrameOfItsOwn(@TempDir Path dir) throws IOException, InterruptedException {
    Dataset<Row> all = rows(2);
    JsonNode summary =
        trained(
            dir.resolve("run"),
            ", \"validation\": {\"table\": \"later\"}",
            Map.of("rows", all.where("id < 200"), "later", all.where("id >= 200")));
    assertEquals(200, summary.at("/rows/train").asInt());
    assertEquals(100, summary.at("/rows/validation").asInt());
  }

  /** It was the training table's rows before there was a split of a table. */
  @Test
  void aSplitWithAPathIsReadFromThereBesideATable(@TempDir Path dir)
      throws IOException, InterruptedException {
    Path held = dir.resolve("held.parquet");
    rows(1).where("id >= 250").write().parquet(held.toString());
    JsonNode summary =
        trained(
            dir.resolve("run"),
            ", \"validation\": {\"path\": \"" + held + "\"}",
            Map.of("rows", rows(2)));
    assertEquals(50, summary.at("/rows/validation").asInt());
  }

  @Test
  void predictionsAreRowsOfTheUsersSession(@TempDir Path dir)
      throws IOException, InterruptedException {
    Path run = dir.resolve("run");
    trained(run, "", Map.of("rows", rows(2)));
    Dataset<Row> scores = new Notebook(SPARK).predict(run.toString(), rows(2), List.of("x", "id"));
    assertArrayEquals(
        new String[] {"x", "id", "label", "margin", "probability", "problem"}, scores.columns());
    scores.createOrReplaceTempView("notebook_scores");
    assertEquals(300, SPARK.sql("select * from notebook_scores where problem is null").count());
    SPARK.catalog().dropTempView("notebook_scores");
    JsonNode metrics =
        JSON.readTree(new Notebook(SPARK).evaluate(run.toString(), rows(2), List.of(), null, null));
    assertEquals(300, metrics.get("rows").asInt());
    assertTrue(metrics.at("/metrics/auc-roc").asDouble() > 0.8);
  }

  @Test
  void aWrongConfigurationHasNoLines(@TempDir Path dir) {
    String wrong = config(dir.resolve("run"), ", \"lable\": 1");
    ConfigException thrown =
        assertThrows(
            ConfigException.class,
            () -> new Notebook(SPARK).train(wrong, Map.of(), "fresh", "refuse"));
    assertEquals("talweg.train: data.lable: unknown key; did you mean label?", thrown.getMessage());
  }

  @Test
  void noSecretIsTold(@TempDir Path dir) throws IOException, InterruptedException {
    String secret = "hunter2hunter2";
    String configuration =
        """
        {"data": {"train": "%s/%s.csv", "label": "y", "options": {"password": "%s"}},
         "model": "logistic", "output": "%s/run"}
        """
            .formatted(dir, secret, secret, dir);
    BackgroundRun run = new Notebook(SPARK).train(configuration, Map.of(), "fresh", "refuse");
    JsonNode failure = ended(run).get("failure");
    assertEquals("data", failure.get("kind").asText());
    assertTrue(failure.get("says").asText().contains(Secrets.MASK + ".csv"), failure.toString());
    assertFalse(failure.toString().contains(secret), failure.toString());
    String told = Notebook.failure(new IllegalStateException("s3a://me:" + secret + "@bucket"));
    assertFalse(told.contains(secret), told);
  }

  @Test
  void aRunThatIsStoppedEndsWithACheckpoint(@TempDir Path dir)
      throws IOException, InterruptedException {
    Path output = dir.resolve("run");
    String endless =
        config(output, "")
            .replace(
                "\"model\"",
                "\"optimizer\": \"adam\", \"batch\": 5, \"epochs\": 100000, \"model\"");
    BackgroundRun run =
        new Notebook(SPARK).train(endless, Map.of("rows", rows(2)), "fresh", "refuse");
    JsonNode told;
    do {
      told = JSON.readTree(run.poll(50));
    } while (!told.has("step") || told.at("/step/number").asInt() < 3);
    run.stop();
    JsonNode failure = ended(run).get("failure");
    assertEquals("interrupted", failure.get("kind").asText());
    assertTrue(failure.get("says").asText().contains("--resume"), failure.toString());
    assertFalse(Files.exists(output));
  }
}
