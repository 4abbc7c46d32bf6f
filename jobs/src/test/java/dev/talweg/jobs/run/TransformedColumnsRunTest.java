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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code features: {numeric: [{column: amount, transform: log1p}]}} from rows to predictions. */
class TransformedColumnsRunTest {
  private static final String TRANSFORMED =
      "age, {column: amount, transform: log1p}, {column: visits, transform: sqrt}";

  @TempDir static Path dir;

  @BeforeAll
  static void write() {
    Dataset<Row> rows =
        LocalSpark.session()
            .sql(
                "select id, int(20 + id % 40) as age, if(id % 9 = 4, null, exp(id * 37 % 100 / 10))"
                    + " as amount, id * 7 % 31 as visits, if(id % 3 = 0, 'f', 'm') as sex, (id * 37"
                    + " % 100 + 3 * (id * 7 % 31) + 40 * (id * 11 % 7)) % 300 > 150 as default from"
                    + " range(600)");
    rows.write().parquet(dir.resolve("raw").toString());
    rows.withColumn("amount", functions.log1p("amount")) // StrictMath's
        .withColumn("visits", functions.sqrt("visits"))
        .write()
        .parquet(dir.resolve("computed").toString());
  }

  private static String config(String data, String numeric, String output, String more) {
    return """
        seed: 3
        data: {train: {dir}/%s, label: default, keys: [id], validation: {fraction: 0.2}}
        features: {numeric: [%s], categorical: [sex]}
        model: logistic
        partitions: 2
        output: {dir}/%s
        %s
        """
        .formatted(data, numeric, output, more);
  }

  private static RunSummary train(String data, String numeric, String output, String... more) {
    return CommandLineRun.train(dir, config(data, numeric, output, String.join("\n", more)));
  }

  private static Dataset<Row> table(String name) {
    return LocalSpark.session().read().parquet(dir.resolve(name).toString());
  }

  @Test
  void aRunOfTransformedColumnsIsTheRunOfColumnsThatWereComputedBefore() {
    RunSummary now = train("raw", TRANSFORMED, "now");
    RunSummary before = train("computed", "age, amount, visits", "before");
    assertEquals(before.fingerprint().data(), now.fingerprint().data());
    assertEquals(before.objective().value(), now.objective().value());
    assertEquals(before.metrics(), now.metrics());
    assertNotEquals(before.fingerprint().configuration(), now.fingerprint().configuration());
    List<Row> there = table("before/model").orderBy("index").collectAsList();
    List<Row> here = table("now/model").orderBy("index").collectAsList();
    assertEquals(there.size(), here.size());
    for (int j = 0; j < here.size(); j++) {
      assertEquals(there.get(j).<Double>getAs("value"), here.get(j).<Double>getAs("value"));
      assertEquals(there.get(j).<String>getAs("column"), here.get(j).<String>getAs("column"));
    }
    assertEquals(
        List.of("age", "log1p(amount)", "sqrt(visits)", "amount is missing"),
        here.subList(0, 4).stream().map(row -> row.<String>getAs("feature")).toList());
  }

  @Test
  void aModelThatIsReadBackTransformsNewRowsAsTheRunDid() {
    train("raw", TRANSFORMED, "model");
    CommandLineRun.predict(dir, "model", "raw", "scores");
    Dataset<Row> scores = table("scores").select("id", "probability");
    List<Row> held =
        table("model/predictions").select("id", "probability").orderBy("id").collectAsList();
    assertTrue(held.size() > 60, held.size() + " rows");
    assertEquals(
        held,
        scores.join(table("model/predictions").select("id"), "id").orderBy("id").collectAsList());
  }

  @Test
  void aRowThatHasNoTransformIsNotScoredAndSaysWhy() {
    train("raw", TRANSFORMED, "asked");
    LocalSpark.session()
        .sql("select 1L as id, 30 as age, -5d as amount, 3L as visits, 'f' as sex")
        .write()
        .parquet(dir.resolve("negative").toString());
    CommandLineRun.predict(dir, "asked", "negative", "refused");
    Row row = table("refused").first();
    assertTrue(row.isNullAt(row.fieldIndex("probability")));
    String problem = row.getAs("problem");
    assertTrue(problem.startsWith("amount: -5.0 has no log1p: a number above −1"), problem);
  }

  @Test
  void penaltiesFindATransformedColumnByItsNameAndByItsFeatures() {
    String plain = train("raw", TRANSFORMED, "free").fingerprint().model();
    String feature =
        train("raw", TRANSFORMED, "by-feature", "penalty: {factors: {log1p(amount): 100}}")
            .fingerprint()
            .model();
    assertNotEquals(plain, feature);
    String columns =
        train(
                "raw",
                TRANSFORMED,
                "by-column",
                "penalty: {factors: {amount: 100, amount is missing: 1}}")
            .fingerprint()
            .model();
    assertEquals(feature, columns);
  }

  @Test
  void anotherTransformIsAnotherFeatureForWarmStartsAndDrift() {
    RunSummary first = train("raw", TRANSFORMED, "first", "stopping: {gap: 1e-8}");
    train("raw", TRANSFORMED, "warm", "warm-start: {dir}/first");
    double ended = Objects.requireNonNull(first.objective().value());
    assertEquals(ended, begun("warm"), 1e-12); // margins summed anew: rounding only
    String numeric = "age, amount, {column: visits, transform: sqrt}";
    RunSummary other = train("raw", numeric, "other", "warm-start: {dir}/first");
    String note = "5 of 6 features have a weight there";
    assertTrue(other.notes().toString().contains(note), other.notes().toString());
    assertEquals(
        List.of("gone log1p(amount)", "new amount"),
        table("other/drift")
            .where("verdict in ('new', 'gone')")
            .selectExpr("concat(verdict, ' ', column) as said")
            .orderBy("said")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList());
  }

  private static double begun(String run) {
    return table(run + "/iterations").orderBy("step").first().<Double>getAs("objective");
  }

  @Test
  void aCheckpointOfAnotherTransformIsNotResumedFrom() throws IOException {
    String slow = "optimizer: {kind: adam, learning-rate: 0.1}\nstopping: {max-iterations: 20}";
    String yaml = config("raw", TRANSFORMED, "cut", slow);
    CutRun.cut(dir, yaml, 15);
    Path other = dir.resolve("other.yaml");
    Files.writeString(other, yaml.replace("log1p", "asinh").replace("{dir}", dir.toString()));
    CommandLineRun run = CommandLineRun.of("train", other.toString(), "--resume");
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains("the configuration has changed since"), run.err());
    RunSummary resumed = CutRun.resumed(dir, yaml.replace("/cut", "/cut-too"), 15);
    assertEquals(
        train("raw", TRANSFORMED, "whole", slow).fingerprint().model(),
        resumed.fingerprint().model());
  }
}
