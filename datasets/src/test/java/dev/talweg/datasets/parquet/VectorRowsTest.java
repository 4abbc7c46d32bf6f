package dev.talweg.datasets.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorRowsTest {
  private static final SparkSession spark = LocalSpark.session();
  private static final int ROWS = 3000;

  @TempDir Path dir;

  /** What a writer may do otherwise. */
  static Stream<Map<String, String>> writers() {
    Map<String, String> small = Map.of("parquet.block.size", "60000", "parquet.page.size", "3000");
    return Stream.of(
        Map.of(),
        small,
        Map.of("parquet.writer.version", "v2"),
        Map.of("parquet.writer.version", "v2", "parquet.page.size", "3000"),
        Map.of("parquet.enable.dictionary", "false"),
        Map.of("parquet.enable.dictionary", "false", "parquet.writer.version", "v2"),
        Map.of("compression", "gzip"),
        Map.of("compression", "none", "parquet.page.size", "500"));
  }

  @ParameterizedTest
  @MethodSource("writers")
  void vectorsOfSparkMlAreThoseThatSparkReads(Map<String, String> writer) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(RowFactory.create(random.nextInt(10) == 0 ? null : vector(random)));
    }
    Path file = written(rows, SQLDataTypes.VectorType(), writer);
    int checked = 0;
    try (VectorRows read =
        opened(file, VectorForm.of("v", SQLDataTypes.VectorType()).orElseThrow())) {
      for (Row expected : spark.read().parquet(file.toString()).collectAsList()) {
        read.next(1); // and below in lumps
        assertEquals(expected.isNullAt(0), read.isNull(0));
        if (!expected.isNullAt(0)) {
          assertEquals((Vector) expected.get(0), vector(read, 0));
          assertEquals(((Vector) expected.get(0)).size(), read.length(0));
        }
        checked++;
      }
      assertEquals(0, read.left());
    }
    assertEquals(ROWS, checked);
  }

  @ParameterizedTest
  @MethodSource("writers")
  void listsInLumpsAreThoseThatSparkReads(Map<String, String> writer) throws IOException {
    for (DataType element : List.of(DataTypes.DoubleType, DataTypes.FloatType)) {
      SplittableRandom random = new SplittableRandom(2);
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        Object list = random.nextInt(10) == 0 ? null : list(random, element);
        rows.add(RowFactory.create(new Object[] {list}));
      }
      Path file = written(rows, DataTypes.createArrayType(element, true), writer);
      List<Row> expected = spark.read().parquet(file.toString()).collectAsList();
      try (VectorRows read =
          opened(file, VectorForm.of("v", DataTypes.createArrayType(element)).orElseThrow())) {
        for (int at = 0; at < ROWS; ) {
          int lump = Math.min(1 + random.nextInt(700), ROWS - at);
          read.next(lump);
          for (int k = 0; k < lump; k++) {
            assertEquals(expected.get(at + k).isNullAt(0), read.isNull(k));
            assertArrayEquals(numbers(expected.get(at + k)), numbers(read, k));
          }
          at += lump;
        }
      }
    }
  }

  @Test
  void aStructOfTwoListsHasPlacesAndNumbers() throws IOException {
    StructType type =
        new StructType()
            .add("values", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("indices", DataTypes.createArrayType(DataTypes.IntegerType));
    List<Row> rows =
        List.of(
            RowFactory.create(RowFactory.create(new double[] {1, 2}, new int[] {3, 70_000})),
            RowFactory.create(RowFactory.create(new double[0], new int[0])),
            RowFactory.create(RowFactory.create(new double[] {5}, new int[] {1, 2})),
            RowFactory.create((Object) null));
    Path file = written(rows, type, Map.of());
    try (VectorRows read = opened(file, VectorForm.of("v", type).orElseThrow())) {
      read.next(4);
      assertEquals(70_001, read.length(0));
      assertEquals(2, read.count(0));
      assertEquals(3, read.places()[read.firstPlace(0)]);
      assertEquals(0, read.count(1));
      assertEquals(0, read.length(1));
      assertEquals(1, read.count(2));
      assertEquals(2, read.placeCount(2));
      assertTrue(read.isNull(3));
    }
  }

  @Test
  void aFileWithoutTheColumnHasRowsWithoutVectorsAndOneOfTextsIsRefused() throws IOException {
    Path without = written(spark.sql("select id as other from range(5)"), Map.of());
    VectorForm form = new VectorForm("v", VectorForm.Layout.LIST, false);
    try (VectorRows read = opened(without, form)) {
      read.next(5);
      assertTrue(read.isNull(0) && read.isNull(4));
      assertEquals(0, read.start(5));
      assertThrows(ParquetDecodingException.class, () -> read.next(1));
    }
    for (String other :
        List.of(
            "array('a')",
            "array(1L)",
            "array(1.5bd)",
            "1d",
            "array(array(1d))",
            "array(struct(1d))",
            "struct(1d as a, 2d as b)")) {
      Path unlike = written(spark.sql("select " + other + " as v from range(5)"), Map.of());
      Exception refused =
          assertThrows(
              IllegalArgumentException.class, () -> opened(unlike, form).close(), () -> other);
      assertTrue(refused.toString().contains("column v"), refused.toString());
    }
  }

  @Test
  void partsOfAFileHaveItsRowGroupsAndTogetherAllOfThem() throws IOException {
    Dataset<Row> numbers = spark.sql("select array(double(id), rand(3)) as v from range(20000)");
    Path file = written(numbers, Map.of("parquet.block.size", "40000"));
    long length = Files.size(file);
    double next = 0;
    for (long from = 0; from < length; from += length / 7 + 1) {
      long until = Math.min(length, from + length / 7 + 1);
      try (VectorRows part =
          new VectorRows(
              spark.sparkContext().hadoopConfiguration(),
              new org.apache.hadoop.fs.Path(file.toUri()),
              from,
              until - from,
              new VectorForm("V", VectorForm.Layout.LIST, false), // names may differ in case
              false)) {
        int rows = (int) part.left();
        part.next(rows);
        for (int k = 0; k < rows; k++) {
          assertEquals(next++, part.numbers()[part.start(k)]);
        }
      }
    }
    assertEquals(20_000, next);
  }

  private static Vector vector(SplittableRandom random) {
    int size = random.nextInt(30);
    double[] numbers = new double[size];
    for (int k = 0; k < size; k++) {
      numbers[k] = random.nextBoolean() ? 0 : random.nextInt(4) == 0 ? random.nextDouble() : 1;
    }
    Vector dense = Vectors.dense(numbers);
    return random.nextInt(3) == 0 ? dense : dense.toSparse();
  }

  private static Vector vector(VectorRows read, int row) {
    double[] numbers = numbers(read, row);
    if (read.isDense(row)) {
      return Vectors.dense(numbers);
    }
    int first = read.firstPlace(row);
    int[] places = Arrays.copyOfRange(read.places(), first, first + read.placeCount(row));
    return new SparseVector(read.size(row), places, numbers);
  }

  private static double[] numbers(VectorRows read, int row) {
    int start = read.start(row);
    return Arrays.copyOfRange(read.numbers(), start, start + read.count(row));
  }

  private static Object[] list(SplittableRandom random, DataType element) {
    Object[] list = new Object[random.nextInt(30)];
    for (int k = 0; k < list.length; k++) {
      double number = random.nextInt(3) == 0 ? random.nextDouble() : 2;
      if (random.nextInt(20) > 0) {
        list[k] = element.equals(DataTypes.FloatType) ? (Object) (float) number : number;
      }
    }
    return list;
  }

  /** Those that Spark has in a list, null as NaN. */
  private static double[] numbers(Row row) {
    List<Object> list = row.isNullAt(0) ? List.of() : row.getList(0);
    return list.stream()
        .mapToDouble(number -> number == null ? Double.NaN : ((Number) number).doubleValue())
        .toArray();
  }

  private Path written(List<Row> rows, DataType type, Map<String, String> writer)
      throws IOException {
    return written(spark.createDataFrame(rows, new StructType().add("v", type)), writer);
  }

  /** One file. */
  private Path written(Dataset<Row> rows, Map<String, String> writer) throws IOException {
    Path path = dir.resolve("p" + System.nanoTime());
    rows.coalesce(1).write().options(writer).parquet(path.toString());
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  private static VectorRows opened(Path file, VectorForm form) throws IOException {
    return new VectorRows(
        spark.sparkContext().hadoopConfiguration(),
        new org.apache.hadoop.fs.Path(file.toUri()),
        0,
        Files.size(file),
        form,
        true);
  }
}
