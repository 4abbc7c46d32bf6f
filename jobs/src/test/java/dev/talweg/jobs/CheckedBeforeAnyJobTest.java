package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code talweg check} finds wrong without a job of Spark. */
class CheckedBeforeAnyJobTest {
  /** Says that all jobs before it were counted. */
  private static final String LAST = "the last job";

  @TempDir static Path dir;

  /** How many jobs of others began. */
  private static final class Jobs extends SparkListener {
    final AtomicInteger started = new AtomicInteger();
    final CountDownLatch last = new CountDownLatch(1);

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      if (LAST.equals(job.properties().getProperty("spark.job.description"))) {
        last.countDown();
      } else {
        started.incrementAndGet();
      }
    }
  }

  @BeforeAll
  static void rows() {
    for (String format : List.of("parquet", "orc")) {
      LocalSpark.session()
          .sql("select double(id) as x, id % 2 as y from range(1000)")
          .coalesce(2)
          .write()
          .format(format)
          .save(dir.resolve("rows." + format).toString());
    }
  }

  /** What is said, by a check that ends so and runs no job, or some (1). */
  private static String checked(String file, String more, int exitCode, int jobs)
      throws IOException, InterruptedException {
    Path config = dir.resolve("config.yaml");
    Files.writeString(
        config,
        "data: {train: %s, label: y}\nmodel: %s\noutput: %s\n%s\n"
            .formatted(
                dir.resolve(file),
                more.startsWith("model: ") ? more.substring(7) : "logistic",
                dir.resolve("run"),
                more.startsWith("model: ") ? "" : more.replace("; ", "\n")));
    SparkSession spark = LocalSpark.session();
    SparkContext context = spark.sparkContext();
    Jobs seen = new Jobs();
    context.addSparkListener(seen);
    try {
      CommandLineRun run = CommandLineRun.of("check", config.toString());
      context.setJobDescription(LAST);
      assertEquals(1, spark.range(1).toJavaRDD().count());
      seen.last.await();
      assertEquals(exitCode, run.exitCode(), run.err());
      assertEquals(jobs, Math.min(1, seen.started.get()), run.err());
      return run.err();
    } finally {
      context.setJobDescription(null);
      context.removeSparkListener(seen);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "optimizer: adams | optimizer.kind: found adams | did you mean adam",
        "optimizer: {kind: adam, learning-rate: {kind: cosine, start: 1, steps: 500}} "
            + "| 500 steps, but the run has 100 | write steps: 100",
        "optimizer: {kind: adam, learning-rate: {kind: cosine, start: 1, steps: 50}} "
            + "| 0 after 50 steps, but the run has 100 | write steps: 100",
        "optimizer: {kind: adam, learning-rate: {kind: cosine, start: 1, steps: 500}}; batch: 100; epochs: 10 "
            + "| 500 steps, but the run has 100 | or epochs: 50",
        "optimizer: {kind: adam, learning-rate: {kind: cosine, start: 1, steps: 50}}; batch: 100; epochs: 10 "
            + "| 0 after 50 steps, but the run has 100 | or epochs: 5",
        "optimizer: {kind: sgd, clip: {value: 0}} | found 0 | above 0",
        "optimizer: {kind: sgd, clip: {global-norm: -1}} | found -1 | above 0",
        "optimizer: {kind: adam, beta1: 1} | optimizer.beta1: found 1 | below 1",
        "optimizer: {kind: momentum, momentum: {kind: constant, value: 1}} | value is 1 | below 1",
        "optimizer: {kind: momentum, momentum: {kind: one-cycle-momentum, most: 1.5, steps: 100}} "
            + "| value is 1.5 | below 1",
        "optimizer: adam; batch: 1001 | batch: found 1,001 | write batch: 1000 or fewer",
        "model: {kind: perceptron, hidden: [8, 0]} | model.hidden: found 0 | at least 1",
      })
  void wrongInputIsFoundBeforeAnyJob(String more, String found, String remedy) throws Exception {
    for (String file : List.of("rows.parquet", "rows.orc")) {
      String said = checked(file, more, 2, 0);
      assertTrue(said.contains(found) && said.contains(remedy), said);
    }
  }

  /** So that jobs are seen where there are some. */
  @Test
  void whatOnlyTheRowsTellIsSaidToBeUnknown() throws Exception {
    Files.writeString(dir.resolve("rows.csv"), "x,y\n1,0\n2,1\n");
    String said = checked("rows.csv", "optimizer: adam; batch: 1001", 0, 1);
    assertTrue(said.contains("the number of rows is not known yet"), said);
  }
}
