package dev.talweg.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What footers say of the number of rows to train on: a hundredth may be unusable. */
class TrainingRowsTest {
  private static final SplitSpec NONE = new SplitSpec.None();

  @TempDir Path dir;

  private RowRange rows(
      String file, List<String> keys, @Nullable String where, SplitSpec validation) {
    DataSpec data =
        new DataSpec(
            List.of(dir.resolve(file).toString()),
            null,
            null,
            Map.of(),
            new DataSpec.Label("y", null),
            null,
            keys,
            List.of(),
            where,
            validation,
            NONE,
            DataSpec.BadRows.QUARANTINE,
            0.01);
    return Ingest.trainingRows(LocalSpark.session(), data);
  }

  private void write(String format) {
    SparkSession spark = LocalSpark.session();
    spark
        .sql("select id, id % 2 as y from range(1000)")
        .repartition(3)
        .write()
        .format(format)
        .save(dir.resolve("rows." + format).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void footersCountTheRowsOfAllFiles(String format) {
    write(format);
    assertEquals(new RowRange(990, 1000), rows("rows." + format, List.of(), null, NONE));
  }

  @Test
  void whatIsHeldOutIsAllowedForAndWhatNobodyKnowsLeavesTheMost() {
    write("parquet");
    RowRange unknown = new RowRange(0, 1000);
    SplitSpec fifth = new SplitSpec.Fraction(0.2, List.of());
    assertEquals(new RowRange(792, 1000), rows("rows.parquet", List.of(), null, fifth));
    assertEquals(unknown, rows("rows.parquet", List.of("id"), null, fifth));
    assertEquals(
        unknown, rows("rows.parquet", List.of(), null, new SplitSpec.Fraction(0.2, List.of("id"))));
    assertEquals(
        unknown, rows("rows.parquet", List.of(), null, new SplitSpec.Range("id", "900", null)));
    assertEquals(unknown, rows("rows.parquet", List.of(), "id < 10", NONE));
  }

  @Test
  void rowsThatNothingCountsAreUnknown() throws IOException {
    Files.writeString(dir.resolve("rows.csv"), "id,y\n1,0\n");
    assertEquals(RowRange.UNKNOWN, rows("rows.csv", List.of(), null, NONE));
    Files.writeString(dir.resolve("broken.parquet"), "no parquet, and long enough for a footer");
    assertEquals(RowRange.UNKNOWN, rows("broken.parquet", List.of(), null, NONE));
  }
}
