package dev.talweg.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From rows of any type to the numbers that blocks hold. */
class IngestTest {
  private static final SplitSpec NONE = new SplitSpec.None();

  private final SparkSession spark = LocalSpark.session();

  @TempDir Path dir;

  private String written(String name, Dataset<Row> rows, int files) {
    String path = dir.resolve(name).toString();
    rows.coalesce(files).write().parquet(path);
    return path;
  }

  private static DataSpec data(String path, SplitSpec validation, String... keys) {
    return data(List.of(path), Map.of(), validation, keys);
  }

  private static DataSpec data(
      List<String> paths, Map<String, String> options, SplitSpec validation, String... keys) {
    return new DataSpec(
        paths,
        null,
        "parquet",
        options,
        new DataSpec.Label("y", null),
        null,
        List.of(keys),
        List.of(),
        null,
        validation,
        NONE,
        DataSpec.BadRows.QUARANTINE,
        0.5);
  }

  private Ingested read(DataSpec data, FeatureSpec features) {
    return Ingest.read(spark, data, features, LabelKind.REAL, 7, 0, note -> {});
  }

  private static List<double[]> rows(Ingested data) {
    return rows(data.blocks().collect());
  }

  private static List<double[]> rows(List<PartitionBlocks> parts) {
    List<double[]> rows = new ArrayList<>();
    for (PartitionBlocks part : parts) {
      for (Block block : part.train().blocks()) {
        for (int i = 0; i < block.rows(); i++) {
          rows.add(block.row(i));
        }
      }
    }
    return rows;
  }

  private static FeatureSpec numeric(String... columns) {
    return transformed(NumericTransform.NONE, columns);
  }

  private static FeatureSpec transformed(NumericTransform transform, String... columns) {
    return new FeatureSpec(
        numbers(transform, columns), List.of(), List.of(), null, FeatureSpec.MISSING);
  }

  private static List<FeatureSpec.Numeric> numbers(NumericTransform transform, String... columns) {
    return Arrays.stream(columns).map(name -> new FeatureSpec.Numeric(name, transform)).toList();
  }

  private static FeatureSpec vector(String column) {
    return new FeatureSpec(List.of(), List.of(), List.of(), column, FeatureSpec.MISSING);
  }

  private static FeatureSpec categorical(FeatureSpec.Categorical... columns) {
    return new FeatureSpec(List.of(), List.of(columns), List.of(), null, FeatureSpec.MISSING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tinyint",
        "smallint",
        "int",
        "bigint",
        "float",
        "double",
        "decimal(10,2)",
        "decimal(38,3)",
        "string"
      })
  void aNumberOfAnySparkTypeIsThatNumber(String type) {
    Dataset<Row> rows =
        spark.sql("select cast(id - 3 as " + type + ") as x, double(id) as y from range(6)");
    try (Ingested data = read(data(written("t", rows, 1), NONE), numeric("x"))) {
      List<double[]> found = rows(data);
      for (int i = 0; i < 6; i++) {
        assertArrayEquals(new double[] {i - 3}, found.get(i));
      }
    }
  }

  @Test
  void booleansAreZeroAndOneAndDatesAreDaysWhenAsked() {
    Dataset<Row> rows =
        spark.sql(
            "select id % 2 = 1 as b, date_add(date'2026-01-01', int(id)) as d,"
                + " timestamp_seconds(60 * id) as t, double(id) as y from range(4)");
    try (Ingested data = read(data(written("t", rows, 1), NONE), numeric("b", "d", "t"))) {
      double first = LocalDate.of(2026, 1, 1).toEpochDay();
      List<double[]> found = rows(data);
      for (int i = 0; i < 4; i++) {
        assertArrayEquals(new double[] {i % 2, first + i, 60.0 * i}, found.get(i));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(float(id), 0f, 2f)",
        "array(double(id), 0, 2)",
        "array(int(id), 0, 2)",
        "named_struct('indices', array(0, 2), 'values', array(double(id), 2d))",
        "named_struct('size', 3, 'indices', array(0L, 2L), 'values', array(float(id), 2f))"
      })
  void aVectorOfAnyFormIsThatVector(String form) {
    Dataset<Row> rows = spark.sql("select " + form + " as v, double(id) as y from range(4)");
    try (Ingested data =
        read(
            data(written("t", rows, 1), NONE),
            new FeatureSpec(List.of(), List.of(), List.of(), "v", FeatureSpec.MISSING))) {
      List<double[]> found = rows(data);
      for (int i = 0; i < 4; i++) {
        assertArrayEquals(new double[] {i, 0, 2}, found.get(i));
      }
    }
  }

  @Test
  void ofAWideColumnTheEntriesThatTrainingRowsHaveAreFeatures() {
    Dataset<Row> rows =
        spark.sql(
            "select named_struct('indices', array(5L + id, 5000000L), 'values', array(1f, 2f)) as"
                + " v, concat('c', id) as c, double(id) as y from range(3)");
    FeatureSpec features =
        new FeatureSpec(
            List.of(),
            List.of(new FeatureSpec.Categorical("c", 22, 1)),
            List.of(),
            "v",
            FeatureSpec.MISSING);
    try (Ingested data = read(data(written("t", rows, 1), NONE), features)) {
      Encoding encoding = data.encoding();
      assertEquals(3 + 4, encoding.dimension());
      assertEquals("v[5]", encoding.feature(3).name());
      assertEquals("v[5000000]", encoding.feature(6).name());
      List<double[]> found = rows(data);
      for (int i = 0; i < 3; i++) {
        double[] row = found.get(i);
        assertEquals(1, row[0] + row[1] + row[2], "one bucket");
        for (int j = 0; j < 3; j++) {
          assertEquals(i == j ? 1 : 0, row[3 + j]);
        }
        assertEquals(2, row[6]);
      }
      String[] levels = new String[encoding.dimension()];
      Arrays.setAll(levels, j -> encoding.feature(j).level());
      Encoding loaded = Encoding.fromJson(encoding.toJson(), levels);
      for (int j = 0; j < levels.length; j++) {
        assertEquals(encoding.feature(j), loaded.feature(j));
      }
      assertEquals(6, loaded.columns().get(1).feature(5_000_000));
      assertEquals(-1, loaded.columns().get(1).feature(4_999_999));
      assertEquals(-1, loaded.columns().get(1).feature(5_000_001));
    }
  }

  @Test
  void columnsInBatchesGiveTheBitsOfRows() {
    // texts in and out of the file's dictionary, nulls everywhere, two row groups at least; rows
    // that cannot be used, held-out rows, weights
    Dataset<Row> rows =
        spark.sql(
            "select if(id % 7 = 0, null, if(id % 997 = 5, double('NaN'), id / 3)) as x, int(id % 5)"
                + " as k, if(id % 11 = 0, null, concat('c', id % 13)) as c, concat('u', id) as u,"
                + " if(id % 10 = 3, null, concat('u', id % 77)) as h, if(id % 9 = 0, null, id) as"
                + " l, float(id / 7) as f, if(id % 4001 = 17, 4e38d, 1d) as e, int(id % 6) as i,"
                + " decimal(id) / 8 as d, if(id = 9, null, array(double(id), 0d, if(id = 777,"
                + " double('NaN'), 1d))) as v, if(id = 5000, null, id %"
                + " 4) as w, double(id % 2) as y from range(20000)");
    String path = dir.resolve("t").toString();
    rows.coalesce(1).write().option("parquet.block.size", "65536").parquet(path);
    FeatureSpec features =
        new FeatureSpec(
            numbers(NumericTransform.NONE, "x", "l", "f", "e", "i", "d"),
            List.of(
                new FeatureSpec.Categorical("k", 0, 1),
                new FeatureSpec.Categorical("c", 0, 1),
                new FeatureSpec.Categorical("h", 6, 1),
                new FeatureSpec.Categorical("u", 8, 1)),
            List.of(List.of("k", "c")),
            "v",
            FeatureSpec.MISSING);
    DataSpec spec =
        new DataSpec(
            List.of(path),
            null,
            "parquet",
            Map.of(),
            new DataSpec.Label("y", null),
            "w",
            List.of(),
            List.of(),
            null,
            new SplitSpec.Fraction(0.2, List.of()),
            NONE,
            DataSpec.BadRows.QUARANTINE,
            0.5);
    try (Ingested columns = read(spec, features)) {
      assertEquals(8, columns.report().quarantinedRows());
      // rows, with vectors beside them; batches, with vectors as Spark reads them
      assertSame(columns, spec, features, "spark.sql.parquet.enableVectorizedReader", "false");
      assertSame(columns, spec, features, "spark.sql.files.ignoreMissingFiles", "true");
    }
  }

  @ParameterizedTest
  @EnumSource(NumericTransform.class)
  void transformedColumnsInBatchesGiveTheBitsOfRows(NumericTransform transform) {
    // columns of the types that batches read by themselves, and others; nulls, NaN, and numbers
    // that are beyond a float, infinite or not in the transform's domain
    Dataset<Row> rows =
        spark.sql(
            "select if(id % 7 = 0, null, if(id % 997 = 5, double('NaN'), id / 3)) as x, if(id %"
                + " 401 = 17, 4e38d, if(id = 4000, -1d, id / 9)) as e, if(id = 40, double('inf'),"
                + " 1d / id) as r, int(if(id = 2000, -2, id % 6)) as i, if(id % 9 = 0, null, id *"
                + " id) as l, float(if(id = 1000, -3, id / 7)) as f, decimal(id) / 8 as d, if(id"
                + " = 77, 'NA', string(id % 500)) as s, id % 2 = 0 as b, double(id % 2) as y from"
                + " range(1, 6000)");
    String path = written("t", rows, 1);
    FeatureSpec features = transformed(transform, "x", "e", "r", "i", "l", "f", "d", "s", "b");
    DataSpec spec = data(path, new SplitSpec.Fraction(0.2, List.of()));
    long beyond =
        switch (transform) {
          case NONE -> 15; // that are beyond a float
          case LOG1P, SQRT -> 3; // negative ones
          case ASINH -> 0;
        };
    try (Ingested columns = read(spec, features)) {
      assertEquals(1 + beyond, columns.report().quarantinedRows());
      assertSame(columns, spec, features, "spark.sql.parquet.enableVectorizedReader", "false");
    }
  }

  @Test
  void aTransformedColumnIsTheColumnThatWasComputedBefore() {
    Dataset<Row> rows =
        spark.sql(
            "select if(id % 5 = 0, null, double(id)) as x, int(id % 3) as c, double(id) as y from"
                + " range(900)");
    Dataset<Row> computed = rows.withColumn("x", functions.log1p("x")); // StrictMath's
    FeatureSpec features = transformed(NumericTransform.LOG1P, "x");
    DataSpec spec = data(written("t", rows, 1), new SplitSpec.Fraction(0.2, List.of()));
    DataSpec before = data(written("u", computed, 1), new SplitSpec.Fraction(0.2, List.of()));
    try (Ingested now = read(spec, features);
        Ingested then = read(before, numeric("x"))) {
      assertEquals(then.report().fingerprint(), now.report().fingerprint());
      List<double[]> expected = rows(then);
      List<double[]> found = rows(now);
      assertEquals(expected.size(), found.size());
      for (int i = 0; i < found.size(); i++) {
        assertArrayEquals(expected.get(i), found.get(i), "filled in with the transformed mean too");
      }
      ColumnSummary column = now.report().columns().get(0);
      assertEquals("log1p(x)", column.column());
      assertEquals(then.report().columns().get(0).mean(), column.mean());
      assertEquals(then.report().columns().get(0).maximum(), column.maximum());
      assertEquals(new Feature("log1p(x)", "x", null, Kind.NUMERIC), now.encoding().feature(0));
      assertEquals("x is missing", now.encoding().feature(1).name());
      assertEquals("log1p(x)", now.profile().columns().get(0).column());
      assertEquals(then.profile().columns().get(0).bins(), now.profile().columns().get(0).bins());
    }
  }

  @Test
  void aNumberThatHasNoTransformIsABadRowThatSaysWhatIsAllowed() {
    Dataset<Row> rows =
        spark.sql("select if(id = 3, -1d, double(id)) as x, double(id) as y from range(9)");
    try (Ingested data =
        read(data(written("t", rows, 1), NONE), transformed(NumericTransform.LOG1P, "x"))) {
      List<BadRow> bad = data.quarantine().collect();
      assertEquals(1, bad.size());
      assertEquals("x", bad.get(0).column());
      assertEquals("-1.0", bad.get(0).value());
      assertEquals(
          "has no log1p: a number above −1 is allowed; write null where the value is missing, or"
              + " transform: asinh",
          bad.get(0).reason());
    }
  }

  @Test
  void aColumnOfOneTransformedNumberIsDroppedByItsFeaturesName() {
    Dataset<Row> rows = spark.sql("select 3 as c, id as x, double(id) as y from range(9)");
    try (Ingested data =
        read(data(written("t", rows, 1), NONE), transformed(NumericTransform.SQRT, "c", "x"))) {
      assertEquals(1, data.encoding().dimension());
      assertEquals(
          List.of("column sqrt(c) is " + Math.sqrt(3) + " in all training rows: dropped"),
          data.report().warnings());
    }
  }

  @Test
  void twoTransformsOfAColumnAreAProblemAndOneThatIsSaidTwiceIsNone() {
    Dataset<Row> rows = spark.sql("select id as a, id % 4 as b, double(id) as y from range(9)");
    DataSpec spec = data(written("t", rows, 1), NONE);
    List<FeatureSpec.Numeric> twice =
        List.of(
            new FeatureSpec.Numeric("*", NumericTransform.SQRT),
            new FeatureSpec.Numeric("a", NumericTransform.SQRT));
    FeatureSpec same = new FeatureSpec(twice, List.of(), List.of(), null, FeatureSpec.MISSING);
    try (Ingested data = read(spec, same)) {
      assertEquals("sqrt(a)", data.encoding().feature(0).name());
      assertEquals(2, data.encoding().dimension());
    }
    List<FeatureSpec.Numeric> two =
        List.of(new FeatureSpec.Numeric("*"), new FeatureSpec.Numeric("a", NumericTransform.SQRT));
    FeatureSpec other = new FeatureSpec(two, List.of(), List.of(), null, FeatureSpec.MISSING);
    DataException e = assertThrows(DataException.class, () -> read(spec, other).close());
    assertEquals(List.of("column a is named with two transforms; name it once"), e.problems());
  }

  private void assertSame(
      Ingested columns, DataSpec spec, FeatureSpec features, String setting, String value) {
    spark.conf().set(setting, value);
    try {
      try (Ingested byRow = read(spec, features)) {
        assertEquals(byRow.quarantine().collect(), columns.quarantine().collect());
        assertEquals(byRow.report().fingerprint(), columns.report().fingerprint());
        assertEquals(byRow.report().columns(), columns.report().columns());
        assertEquals(byRow.report().warnings(), columns.report().warnings());
        List<double[]> expected = rows(byRow);
        List<double[]> found = rows(columns);
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
          assertArrayEquals(expected.get(i), found.get(i));
        }
      }
    } finally {
      spark.conf().unset(setting);
    }
  }

  @Test
  void aFileThatIsReadTwiceGivesItsRowsTwiceInBatchesAndInRows() {
    String vectors =
        "select array(double(id), 2d) as v, double(id % 2) as y, id as k from range(9)";
    String path = written("a b%20ä", spark.sql(vectors), 1);
    for (List<String> by : List.of(List.<String>of(), List.of("k"))) { // a hash takes rows
      DataSpec spec = data(List.of(path, path), Map.of(), new SplitSpec.Fraction(0.5, by));
      try (Ingested data = read(spec, vector("v"))) {
        assertEquals(18, data.report().trainRows() + data.report().validationRows());
        List<Integer> firsts = new ArrayList<>();
        for (PartitionBlocks part : data.blocks().collect()) {
          List<Block> blocks = new ArrayList<>(part.train().blocks());
          blocks.addAll(part.validation().blocks());
          for (Block block : blocks) {
            for (int i = 0; i < block.rows(); i++) {
              firsts.add((int) block.row(i)[0]);
            }
          }
        }
        firsts.sort(null);
        assertEquals(List.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8), firsts);
      }
    }
  }

  @Test
  void rowsOfAFileWithoutTheVectorsAreBadRows() {
    Dataset<Row> rows =
        spark.sql("select array(double(id)) as v, double(id % 2) as y from range(6)");
    String path = written("t", rows.union(rows), 1);
    rows.drop("v").write().mode("append").parquet(path);
    DataSpec spec = data(List.of(path), Map.of("mergeSchema", "true"), NONE);
    try (Ingested data = read(spec, vector("v"))) {
      assertEquals(6, data.report().quarantinedRows());
      assertTrue(data.quarantine().collect().get(0).toString().contains("is no vector"));
    }
  }

  @Test
  void aRowThatCannotBeUsedDoesNotMakeVectorsLonger() {
    Dataset<Row> rows =
        spark.sql(
            "select if(id = 3, array(1d, 2d, 3d), array(1d, double(id))) as v, if(id = 3, null,"
                + " double(id % 2)) as y from range(9)");
    try (Ingested data = read(data(written("t", rows, 1), NONE), vector("v"))) {
      assertEquals(1, data.report().quarantinedRows());
      assertEquals(2, data.encoding().dimension());
    }
  }

  @Test
  void aTextOfARowGroupIsLookedUpOnceHoweverManyBatchesItHas() {
    Dataset<Row> rows = spark.sql("select concat('c', id % 300) as c from range(20000)");
    String path = written("t", rows, 1);
    assertEquals(
        List.of(300),
        scan(spark.read().parquet(path))
            .orElseThrow()
            .mapPartitions(IngestTest::lookedUp)
            .collect());
  }

  private static Iterator<Integer> lookedUp(Iterator<ColumnarBatch> batches) {
    List<String> asked = new ArrayList<>();
    FileLevels levels =
        new FileLevels(
            text -> {
              asked.add(text.toString());
              return asked.size();
            });
    int count = 0;
    for (; batches.hasNext(); count++) {
      ColumnarBatch batch = batches.next();
      levels.of(batch.column(0), 0, batch.numRows(), -1, new long[batch.numRows()]);
    }
    assertTrue(count > 1, "one batch shows nothing");
    return List.of(asked.size()).iterator();
  }

  @Test
  void aQueryThatOnlyPicksColumnsIsReadInColumns() {
    String path =
        written("t", spark.sql("select id, string(id) as c, id > 3 as b from range(9)"), 1);
    Dataset<Row> picked = spark.read().parquet(path).selectExpr("c as name", "id");
    Dataset<Row> computed = spark.read().parquet(path).selectExpr("id + 1 as more");
    assertEquals(9, scan(picked).orElseThrow().map(batch -> batch.numRows()).reduce(Integer::sum));
    assertEquals(
        "8 8",
        scan(picked)
            .orElseThrow()
            .map(batch -> batch.column(0).getUTF8String(8) + " " + batch.column(1).getLong(8))
            .first());
    assertTrue(scan(computed).isEmpty());
  }

  private static Optional<JavaRDD<ColumnarBatch>> scan(Dataset<Row> rows) {
    return ColumnarScan.of(
            ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().executedPlan())
        .map(ColumnarScan::batches);
  }

  @Test
  void aMissingNumberIsTheMeanWithAFlagBesideIt() {
    Dataset<Row> rows =
        spark.sql("select if(id = 2, null, double(id)) as x, double(id) as y from range(5)");
    try (Ingested data = read(data(written("t", rows, 1), NONE), numeric("x"))) {
      List<double[]> found = rows(data);
      assertArrayEquals(new double[] {0, 0}, found.get(0));
      assertArrayEquals(new double[] {(0 + 1 + 3 + 4) / 4.0, 1}, found.get(2));
      assertEquals("x is missing", data.encoding().feature(1).name());
      assertEquals(1, data.report().columns().get(0).missing());
    }
  }

  @Test
  void levelsAreNumberedByFrequencyThenByName() {
    Dataset<Row> rows =
        spark.sql(
            "select split('b b b c c a a z', ' ')[int(id)] as c, double(id) as y from range(8)");
    try (Ingested data =
        read(
            data(written("t", rows, 3), NONE),
            categorical(new FeatureSpec.Categorical("c", 0, 1)))) {
      List<String> names = new ArrayList<>();
      for (int j = 0; j < data.encoding().dimension(); j++) {
        names.add(data.encoding().feature(j).name());
      }
      assertEquals(List.of("c=b", "c=a", "c=c", "c=z"), names);
    }
  }

  @Test
  void rareLevelsShareAFeatureAndNullsHaveTheirOwn() {
    Dataset<Row> rows =
        spark.sql(
            "select nullif(split('b b b c c - x z', ' ')[int(id)], '-') as c, double(id) as y"
                + " from range(8)");
    try (Ingested data =
        read(
            data(written("t", rows, 1), NONE),
            categorical(new FeatureSpec.Categorical("c", 0, 2)))) {
      List<double[]> found = rows(data);
      assertEquals(4, data.encoding().dimension()); // b, c, (rare), (missing)
      assertArrayEquals(found.get(6), found.get(7)); // x and z
      assertNotEquals(-1, indexOf(data.encoding(), "c=(missing)"));
      assertEquals(1, found.get(5)[indexOf(data.encoding(), "c=(missing)")]);
    }
  }

  private static int indexOf(Encoding encoding, String feature) {
    for (int j = 0; j < encoding.dimension(); j++) {
      if (encoding.feature(j).name().equals(feature)) {
        return j;
      }
    }
    return -1;
  }

  @Test
  void aHashedLevelHasOneFeatureWhateverThePartition() {
    Dataset<Row> rows =
        spark.sql("select string(id % 5) as c, double(id) as y from range(40)").repartition(4);
    try (Ingested data =
        read(
            data(written("t", rows, 4), NONE),
            categorical(new FeatureSpec.Categorical("c", 10, 1)))) {
      assertEquals(1024, data.encoding().dimension());
      Map<Integer, Long> used = new HashMap<>();
      for (double[] row : rows(data)) {
        int ones = 0;
        for (int j = 0; j < row.length; j++) {
          if (row[j] != 0) {
            used.merge(j, 1L, Long::sum);
            ones++;
          }
        }
        assertEquals(1, ones);
      }
      assertTrue(used.size() <= 5 && used.values().stream().allMatch(n -> n % 8 == 0), used + "");
    }
  }

  @Test
  void aColumnWithTooManyLevelsIsHashedAndTheLogSaysSo() {
    long rows = RawPartition.Summary.MOST_LEVELS + 1000;
    Dataset<Row> distinct =
        spark.sql("select string(id) as c, double(id % 2) as y from range(" + rows + ")");
    List<String> log = new ArrayList<>();
    try (Ingested data =
        read(
            data(written("t", distinct, 2), NONE),
            categorical(new FeatureSpec.Categorical("c", 0, 1)))) {
      assertEquals(1 << 20, data.encoding().dimension());
      log.addAll(data.report().notes());
    }
    assertTrue(log.stream().anyMatch(note -> note.contains("hashed into 2^20")), log + "");
  }

  @Test
  void aCrossHasAFeaturePerCombinationThatOccurs() {
    Dataset<Row> rows =
        spark.sql(
            "select string(id % 2) as a, string(id % 3) as b, double(id) as y from range(12)");
    FeatureSpec features =
        new FeatureSpec(
            List.of(),
            List.of(new FeatureSpec.Categorical("a", 0, 1)),
            List.of(List.of("a", "b")),
            null,
            FeatureSpec.MISSING);
    try (Ingested data = read(data(written("t", rows, 2), NONE), features)) {
      assertEquals(2 + 6, data.encoding().dimension());
      assertNotEquals(-1, indexOf(data.encoding(), "a × b=1 × 2"));
      assertEquals(1, rows(data).get(0)[indexOf(data.encoding(), "a × b=0 × 0")]);
    }
  }

  @Test
  void aVectorOfSparkMlIsThatVector() {
    Dataset<Row> rows =
        spark
            .sql("select array(double(id), 0d, 2d) as a, double(id) as y from range(4)")
            .withColumn(
                "v",
                org.apache.spark.ml.functions.array_to_vector(
                    org.apache.spark.sql.functions.col("a")));
    FeatureSpec features =
        new FeatureSpec(List.of(), List.of(), List.of(), "v", FeatureSpec.MISSING);
    try (Ingested data = read(data(written("t", rows, 1), NONE), features)) {
      assertArrayEquals(new double[] {3, 0, 2}, rows(data).get(3));
    }
  }

  @Test
  void rowsOfOneKeyStayTogetherAndTheFractionIsKept() {
    Dataset<Row> rows =
        spark.sql("select id div 4 as k, double(id % 9) as x, double(id) as y from range(8000)");
    SplitSpec fifth = new SplitSpec.Fraction(0.2, List.of("k"));
    try (Ingested data = read(data(written("t", rows, 3), fifth), numeric("x"))) {
      long held = data.report().validationRows();
      assertEquals(0, held % 4, "a key was divided");
      // 2000 keys, each held out with probability 0.2: five standard deviations are 90
      assertEquals(400, held / 4.0, 90);
      assertEquals(8000, held + data.report().trainRows());
    }
  }

  @Test
  void theSplitOfAKeyDoesNotDependOnFilesOrOrder() {
    Dataset<Row> rows =
        spark.sql("select id as k, double(id % 9) as x, double(id % 2) as y from range(500)");
    SplitSpec fifth = new SplitSpec.Fraction(0.2, List.of());
    try (Ingested one = read(data(written("one", rows, 1), fifth, "k"), numeric("x"));
        Ingested other = read(data(written("o", rows.orderBy("x"), 3), fifth, "k"), numeric("x"))) {
      assertEquals(one.report().validationRows(), other.report().validationRows());
      assertEquals(one.report().fingerprint(), other.report().fingerprint());
    }
  }

  @Test
  void aSplitByTimeHoldsOutTheRange() {
    Dataset<Row> rows =
        spark.sql(
            "select date_add(date'2026-09-25', int(id)) as day, double(id % 4) as x,"
                + " double(id) as y from range(20)");
    SplitSpec october = new SplitSpec.Range("day", "2026-10-01", "2026-10-11");
    try (Ingested data = read(data(written("t", rows, 2), october), numeric("x"))) {
      assertEquals(10, data.report().validationRows());
      assertEquals(10, data.report().trainRows());
    }
  }

  @Test
  void theEncodingIsFittedOnTrainingRowsOnly() {
    Dataset<Row> rows =
        spark.sql(
            "select id as t, double(if(id < 10, id, 1000)) as x, double(id) as y from range(20)");
    SplitSpec late = new SplitSpec.Range("t", "10", null);
    try (Ingested data = read(data(written("t", rows, 1), late), numeric("x"))) {
      assertEquals(4.5, data.report().columns().get(0).mean());
      assertEquals(9.0, data.report().columns().get(0).maximum());
    }
  }

  @Test
  void aBadRowGoesToQuarantineWithItsTextAndNoOther() {
    Dataset<Row> rows =
        spark.sql(
            "select if(id = 3, double('Infinity'), double(id)) as x, double(id) as y from range(6)");
    try (Ingested data = read(data(written("t", rows, 1), NONE), numeric("x"))) {
      List<BadRow> bad = data.quarantine().collect();
      assertEquals(1, bad.size());
      assertEquals(4, bad.get(0).row());
      assertEquals("x", bad.get(0).column());
      assertTrue(bad.get(0).raw().contains("y=3.0"), bad.get(0).raw());
      assertEquals(5, rows(data).size());
    }
  }

  @Test
  void shuffledRowsAreTheSameRows() {
    Dataset<Row> rows = spark.sql("select double(id) as x, double(id) as y from range(1000)");
    try (Ingested data = read(data(written("t", rows, 3), NONE), numeric("x"))) {
      List<Double> seen = rows(data.shuffled(5).collect()).stream().map(row -> row[0]).toList();
      List<Double> sorted = seen.stream().sorted().toList();
      assertNotEquals(sorted, seen);
      for (int i = 0; i < 1000; i++) {
        assertEquals(i, sorted.get(i));
      }
    }
  }

  /** One row decides alike where it goes, whether it is written to disk on the way or not. */
  @Test
  void rowsThatAreHandedOverLieWhereAShuffleHasThem() {
    Dataset<Row> rows = spark.sql("select double(id) as x, double(id) as y from range(1000)");
    SplitSpec heldOut = new SplitSpec.Path(List.of(written("held-out", rows, 4)));
    try (Ingested data = read(data(written("t", rows, 3), heldOut), numeric("x"))) {
      int targets = data.shuffled(5).getNumPartitions();
      assertTrue(targets < data.partitions(), "held-out rows have partitions of their own");
      List<PartitionBlocks> here = data.handedOver(5, targets).collect();
      List<PartitionBlocks> sent = data.sent(5, targets).collect();
      assertEquals(targets, here.size());
      for (int p = 0; p < targets; p++) {
        assertEquals(p, here.get(p).partition());
        assertEquals(p, sent.get(p).partition());
        assertArrayEquals(
            rows(List.of(sent.get(p))).toArray(), rows(List.of(here.get(p))).toArray());
      }
    }
  }

  @Test
  void anEncodingIsReadAgainFromItsJson() {
    Dataset<Row> rows =
        spark.sql(
            "select if(id = 1, null, double(id)) as x, string(id % 3) as c, double(id) as y"
                + " from range(9)");
    FeatureSpec features =
        new FeatureSpec(
            numbers(NumericTransform.ASINH, "x"),
            List.of(new FeatureSpec.Categorical("c", 0, 1)),
            List.of(List.of("c", "x")),
            null,
            FeatureSpec.MISSING);
    try (Ingested data = read(data(written("t", rows, 1), NONE), features)) {
      Encoding encoding = data.encoding();
      String[] levels = new String[encoding.dimension()];
      for (int j = 0; j < levels.length; j++) {
        levels[j] = encoding.feature(j).level();
      }
      Encoding again = Encoding.fromJson(encoding.toJson(), levels);
      assertEquals(encoding.columns(), again.columns());
      assertEquals("asinh(x)", again.feature(0).name());
      assertEquals("x", again.feature(0).column());
      assertEquals(features.numeric(), again.plan().numeric());
    }
  }
}
