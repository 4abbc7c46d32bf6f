package dev.talweg.datasets.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DriverFooterTest {
  private static final SparkSession spark = LocalSpark.session();

  @TempDir Path dir;

  /** Queries whose rows are written, and the columns of their directories. */
  static Stream<List<String>> tables() {
    return Stream.of(
        List.of("SELECT id, CAST(id AS STRING) s, CAST(id AS TIMESTAMP) t FROM range(9)"),
        List.of("SELECT id, id % 3 AS part, DATE '2026-01-01' AS d FROM range(9)", "part"),
        List.of("SELECT array(1.5D, id) v, map('a', id) m, struct(id, id AS b) s FROM range(9)"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void columnsAndRowsAreThoseThatSparkReadsAndNoJobSaysWhichTheyAre(List<String> table) {
    String path = dir.resolve("table").toString();
    String[] directories = table.subList(1, table.size()).toArray(String[]::new);
    spark.sql(table.get(0)).repartition(3).write().partitionBy(directories).parquet(path);
    StructType expected = spark.read().parquet(path).schema();
    StructType found = withoutJobs(() -> opened(path, Map.of()).schema());
    assertEquals(expected, found);
    String all = "CAST(struct(*) AS STRING) AS line";
    assertEquals(
        spark.read().parquet(path).selectExpr(all).sort("line").collectAsList(),
        opened(path, Map.of()).selectExpr(all).sort("line").collectAsList());
  }

  @Test
  void aFileOfAnotherProgramHasTheColumnsThatSparkSeesInIt() {
    String path = dir.resolve("plain").toString();
    spark.sql("SELECT id, CAST(id AS DECIMAL(9, 2)) n FROM range(9)").write().parquet(path);
    Map<String, String> binary = Map.of("spark.sql.parquet.binaryAsString", "true");
    binary.forEach((key, value) -> spark.conf().set(key, value));
    try {
      assertEquals(spark.read().parquet(path).schema(), opened(path, Map.of()).schema());
    } finally {
      binary.keySet().forEach(spark.conf()::unset);
    }
  }

  @Test
  void filesWithOtherColumnsAreMergedWhereThatIsAsked() {
    Path path = dir.resolve("two");
    spark.range(3).toDF("a").write().parquet(path.resolve("k=1").toString());
    spark.range(3).toDF("b").write().parquet(path.resolve("k=2").toString());
    Map<String, String> merged = Map.of("mergeSchema", "true");
    assertEquals(
        List.of("a", "b", "k"), List.of(opened(path.toString(), merged).schema().fieldNames()));
    assertEquals(
        List.of("a", "k"), List.of(opened(path.toString(), Map.of()).schema().fieldNames()));
  }

  @Test
  void ofAFileThatIsNoneSparkSaysWhatItEverSays() throws IOException {
    Path file = Files.writeString(dir.resolve("none.parquet"), "no footer here, nor a header");
    Exception expected =
        assertThrows(Exception.class, () -> spark.read().parquet(file.toString()).schema());
    Exception found =
        assertThrows(Exception.class, () -> opened(file.toString(), Map.of()).schema());
    assertEquals(condition(expected), condition(found));
    Map<String, String> skipped = Map.of("ignoreCorruptFiles", "true");
    assertThrows(Exception.class, () -> opened(file.toString(), skipped).schema());
  }

  private static String condition(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable named && named.getCondition() != null) {
        return named.getCondition();
      }
    }
    throw new AssertionError("no error of Spark's", e);
  }

  private static Dataset<Row> opened(String path, Map<String, String> options) {
    return spark.read().format(DriverFooter.NAME).options(options).load(path);
  }

  private <T> T withoutJobs(Supplier<T> work) {
    String group = dir.toString();
    spark.sparkContext().setJobGroup(group, "columns", false);
    try {
      T found = work.get();
      assertEquals(0, spark.sparkContext().statusTracker().getJobIdsForGroup(group).length);
      spark.range(1).count();
      assertTrue(spark.sparkContext().statusTracker().getJobIdsForGroup(group).length > 0);
      return found;
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }
}
