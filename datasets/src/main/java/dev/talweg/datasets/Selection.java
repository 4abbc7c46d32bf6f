package dev.talweg.datasets;

import dev.talweg.datasets.RowSchema.SplitColumn;
import dev.talweg.datasets.SplitSpec.Fraction;
import dev.talweg.datasets.SplitSpec.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a source that are read, with those that tell its splits apart, in partitions that
 * follow from the files and the request alone.
 */
final class Selection {
  /** Small data is read by up to eight tasks. */
  private static final long LEAST_BYTES_PER_PARTITION = 8L << 20;

  private static final long MOST_BYTES_PER_PARTITION = 64L << 20;

  private Selection() {}

  /** A column by its very name, dots and backticks included. */
  static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  /**
   * @param partitions 0 means by the data's size
   * @param labelled whether label, weight and keys are needed
   * @param everyRow the split that all rows belong to; null where they are told apart
   * @throws DataException where a column is not there, or a split has no such value
   */
  static Scoring.Source of(
      SparkSession spark,
      Sources.Opened opened,
      DataSpec data,
      FeaturePlan plan,
      LabelKind kind,
      long seed,
      int partitions,
      boolean labelled,
      @Nullable Integer everyRow) {
    StructType schema = opened.rows().schema();
    boolean libsvm = opened.format().equals("libsvm");
    if (libsvm && data.offset() != null) {
      throw new DataException(
          Planning.offsetKey(data.offset())
              + ": LIBSVM lines have no column "
              + data.offset().column()
              + "; write the data as Parquet or CSV");
    }
    if (libsvm && labelled && !data.keys().isEmpty()) {
      throw new DataException(
          "LIBSVM lines have no column "
              + data.keys().get(0)
              + "; write the data as Parquet or CSV");
    }
    Map<String, Integer> at = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    Map<String, String> actual = new HashMap<>();
    Set<String> wanted = new LinkedHashSet<>(plan.numericColumns());
    plan.dictionaries().forEach(c -> wanted.add(c.column()));
    plan.hashed().forEach(c -> wanted.add(c.column()));
    plan.crosses().forEach(wanted::addAll);
    if (plan.vector() != null) {
      wanted.add(plan.vector());
    }
    if (!libsvm) {
      boolean there =
          FeaturePlan.find(data.label().column(), schema, "data.label", new ArrayList<>())
              .isPresent();
      if (labelled || there) {
        wanted.add(data.label().column());
      }
      if (data.weight() != null && labelled) {
        wanted.add(data.weight());
      }
      if (data.offset() != null) {
        wanted.add(data.offset().column());
      }
      wanted.addAll(labelled ? data.keys() : present(data.keys(), schema));
    }
    for (String name : wanted) {
      FeaturePlan.find(name, schema, opened.where(), problems)
          .ifPresent(found -> actual.put(name, found));
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    List<Column> columns = new ArrayList<>();
    for (String name : wanted) {
      at.put(name, columns.size());
      columns.add(column(String.valueOf(actual.get(name))).as(name));
    }
    if (Arrays.asList(schema.fieldNames()).contains(Sources.CORRUPT)) {
      at.put(Sources.CORRUPT, columns.size());
      columns.add(column(Sources.CORRUPT));
    }
    SplitColumn test = SplitColumn.NONE;
    SplitColumn validation = SplitColumn.NONE;
    if (everyRow != null) {
      test = everyRow == RowReader.TEST ? SplitColumn.ALL : SplitColumn.NONE;
      validation = everyRow == RowReader.VALIDATION ? SplitColumn.ALL : SplitColumn.NONE;
    } else {
      test = split(spark, data.test(), data, schema, seed, 0, columns);
      boolean same =
          data.test() instanceof Fraction a
              && data.validation() instanceof Fraction b
              && a.by().equals(b.by());
      validation =
          split(spark, data.validation(), data, schema, seed, same ? test.until() : 0, columns);
    }
    Dataset<Row> selected = opened.rows().select(columns.toArray(Column[]::new));
    int vector =
        plan.sequence() != null || plan.vector() == null ? -1 : at.getOrDefault(plan.vector(), -1);
    Partitioned rows = partitioned(selected, vector, opened, partitions);
    StructType types = selected.schema();
    List<DataType> columnTypes = new ArrayList<>();
    for (var field : types.fields()) {
      columnTypes.add(field.dataType());
    }
    RowSchema read =
        new RowSchema(
            List.of(types.fieldNames()),
            columnTypes,
            plan,
            libsvm ? -1 : at.getOrDefault(data.label().column(), -1),
            data.weight() == null ? -1 : at.getOrDefault(data.weight(), -1),
            data.offset() == null ? -1 : at.getOrDefault(data.offset().column(), -1),
            data.offset() == null ? DataSpec.Offset.Form.OFFSET : data.offset().form(),
            kind,
            at.getOrDefault(Sources.CORRUPT, -1),
            ordinals(plan.numericColumns(), at),
            ordinals(plan.dictionaries().stream().map(c -> c.column()).toList(), at),
            ordinals(plan.hashed().stream().map(c -> c.column()).toList(), at),
            plan.crosses().stream().map(cross -> ordinals(cross, at)).toArray(int[][]::new),
            plan.vector() == null ? -1 : at.getOrDefault(plan.vector(), -1),
            libsvm,
            validation,
            test,
            seed);
    List<Integer> keys = new ArrayList<>();
    data.keys()
        .forEach(
            key -> {
              if (at.containsKey(key)) {
                keys.add(at.get(key));
              }
            });
    return new Scoring.Source(spark, rows, read, keys);
  }

  private static List<String> present(List<String> names, StructType schema) {
    return names.stream()
        .filter(name -> FeaturePlan.find(name, schema, "data.keys", new ArrayList<>()).isPresent())
        .toList();
  }

  private static int[] ordinals(List<String> names, Map<String, Integer> at) {
    return names.stream().mapToInt(name -> at.getOrDefault(name, -1)).toArray();
  }

  /** A bound that is no value of the column's type would be null, and leave no row. */
  private static void checkValue(SparkSession spark, String value, String column, DataType type) {
    if (spark.range(1).select(functions.lit(value).try_cast(type)).first().isNullAt(0)) {
      throw new DataException(
          "a split by column "
              + column
              + ", which is "
              + type.simpleString()
              + ": "
              + value
              + " is no such value; write one as the column has it");
    }
  }

  private static SplitColumn split(
      SparkSession spark,
      SplitSpec split,
      DataSpec data,
      StructType schema,
      long seed,
      double from,
      List<Column> columns) {
    if (split instanceof Fraction fraction) {
      List<String> by = fraction.by().isEmpty() ? data.keys() : fraction.by();
      double until = from + fraction.fraction();
      if (by.isEmpty()) {
        return new SplitColumn(SplitColumn.Kind.POSITION, -1, from, until);
      }
      List<String> problems = new ArrayList<>();
      List<Column> hashed = new ArrayList<>();
      hashed.add(functions.lit(seed));
      for (String name : by) {
        FeaturePlan.find(name, schema, "data.validation", problems)
            .ifPresent(found -> hashed.add(column(found)));
      }
      if (!problems.isEmpty()) {
        throw new DataException(problems);
      }
      columns.add(
          functions.xxhash64(hashed.toArray(Column[]::new)).as("__talweg_split" + columns.size()));
      return new SplitColumn(SplitColumn.Kind.HASH, columns.size() - 1, from, until);
    }
    if (split instanceof Range range) {
      List<String> problems = new ArrayList<>();
      String name =
          FeaturePlan.find(range.column(), schema, "data.validation", problems).orElse("");
      if (!problems.isEmpty()) {
        throw new DataException(problems);
      }
      DataType type = FeaturePlan.type(schema, name);
      checkValue(spark, range.from(), name, type);
      if (range.until() != null) {
        checkValue(spark, range.until(), name, type);
      }
      Column condition = column(name).geq(functions.lit(range.from()).cast(type));
      if (range.until() != null) {
        condition = condition.and(column(name).lt(functions.lit(range.until()).cast(type)));
      }
      columns.add(condition.as("__talweg_split" + columns.size()));
      return new SplitColumn(SplitColumn.Kind.FLAG, columns.size() - 1, 0, 1);
    }
    return SplitColumn.NONE;
  }

  /**
   * The rows in partitions that depend on the files and the request alone.
   *
   * @param vector the column of vectors, or −1
   */
  private static Partitioned partitioned(
      Dataset<Row> rows, int vector, Sources.Opened opened, int requested) {
    if (opened.bytes() == 0) { // not in files
      return new Partitioned(requested > 0 ? rows.repartition(requested) : rows, vector, Map.of());
    }
    long wanted =
        requested > 0
            ? requested
            : Math.max(
                Math.min(ceiling(opened.bytes(), LEAST_BYTES_PER_PARTITION), 8),
                ceiling(opened.bytes(), MOST_BYTES_PER_PARTITION));
    return new Partitioned(
        rows,
        vector,
        Map.of(
            "spark.sql.files.minPartitionNum", "1", // a larger one would cut files without slack
            "spark.sql.files.maxPartitionBytes",
                Long.toString(Math.max(1 << 16, perPartition(opened.sizes(), wanted, requested))),
            "spark.sql.files.openCostInBytes", "0"));
  }

  private static long ceiling(long bytes, long perPartition) {
    return (bytes + perPartition - 1) / perPartition;
  }

  /**
   * As much as makes the partitions that were asked for and no more, up to twice an even share;
   * else a share with slack, so that files of nearly one size are not cut for a tail.
   */
  static long perPartition(List<Long> sizes, long wanted, int requested) {
    long bytes = sizes.stream().mapToLong(Long::longValue).sum();
    long even = (bytes + wanted) / Math.max(1, wanted);
    if (requested == 0) {
      return even + even / 4;
    }
    return LongStream.rangeClosed(0, 32)
        .map(k -> even + even * k / 32)
        .filter(most -> packed(sizes, most) <= requested)
        .findFirst()
        .orElse(even);
  }

  /**
   * How many partitions Spark makes of files: it cuts those up that are larger than a partition,
   * and puts the pieces, the largest first, into the last partition as long as they fit.
   */
  static int packed(List<Long> sizes, long most) {
    List<Long> pieces = new ArrayList<>();
    for (long size : sizes) {
      for (long from = 0; from < size; from += most) {
        pieces.add(Math.min(most, size - from));
      }
    }
    pieces.sort(Comparator.reverseOrder());
    int partitions = 0;
    long filled = most;
    for (long piece : pieces) {
      if (filled + piece > most) {
        partitions++;
        filled = 0;
      }
      filled += piece;
    }
    return partitions;
  }
}
