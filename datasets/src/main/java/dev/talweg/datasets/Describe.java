package dev.talweg.datasets;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What an unknown data set holds, and a configuration to begin with.
 *
 * <p>One pass of Spark SQL over all columns for counts, ranges and distinct values (HyperLogLog++,
 * within some 2 %), and one for the frequent values of those that have few.
 */
public final class Describe {
  /** Columns with at most so many distinct values show the frequent ones. */
  private static final long FEW = 100;

  private static final int SHOWN = 6;

  /** Whole numbers with at most so many distinct values are taken for codes of categories. */
  private static final long CODES = 12;

  private static final double RELATIVE_ERROR = 0.02;

  private static final Pattern LABEL =
      Pattern.compile(
          "((is|has)_?)?(label|target|class|y|default(ed)?|fraud(ulent)?|churn(ed)?|click(ed)?"
              + "|outcome|response|survived|converted|bad|income)|.*(default|fraud|churn|label).*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern KEY =
      Pattern.compile("(?i)(.*[_ .-])?(id|key|uuid|guid|number|no)|.*I[dD]");

  private Describe() {}

  /**
   * Reads everything, twice.
   *
   * @param paths paths, directories or globs
   * @param format null means by the extension
   * @param label the label column; null means to guess
   * @throws DataException where the data cannot be read or has no such label
   */
  public static Description of(
      SparkSession spark,
      List<String> paths,
      @Nullable String format,
      Map<String, String> options,
      @Nullable String label) {
    Sources.Opened opened = Sources.open(spark, paths, null, format, options, null);
    if (opened.format().equals("libsvm")) {
      return libsvm(opened, paths);
    }
    Dataset<Row> data = opened.rows().drop(Sources.CORRUPT);
    String given = label == null ? null : named(label, data.schema());
    List<Column> counted;
    Map<String, List<LabelCount>> frequent;
    long rows;
    try {
      Row totals = data.agg(lit(0L).as("_"), aggregates(data.schema())).first();
      rows = totals.getLong(1);
      counted = columns(data, totals, rows);
      frequent = frequent(data, counted);
    } catch (RuntimeException e) {
      throw Sources.blamed(paths, opened.format(), e);
    }
    if (rows == 0) {
      throw new DataException(String.join(", ", paths) + ": the data has no rows; give more");
    }
    Optional<Column> chosen =
        given == null
            ? guess(counted)
            : counted.stream().filter(c -> c.name().equals(given)).findFirst();
    List<Column> columns =
        counted.stream().map(c -> used(c, chosen, rows, data.schema(), frequent)).toList();
    List<LabelCount> classes = chosen.map(c -> first(frequent, c.name())).orElse(List.of());
    List<String> notes = new ArrayList<>();
    if (chosen.isEmpty()) {
      notes.add("no column looks like the label; say which with --label COLUMN");
    } else if (given == null) {
      notes.add("the label is a guess; say which column it is with --label COLUMN");
    }
    String name = chosen.map(Column::name).orElse(null);
    return new Description(
        opened.format(),
        rows,
        opened.bytes(),
        columns,
        name,
        classes,
        SuggestedConfiguration.of(paths, format, options, columns, chosen, classes),
        notes);
  }

  private static String named(String label, StructType schema) {
    List<String> problems = new ArrayList<>();
    return FeaturePlan.find(label, schema, "--label", problems)
        .orElseThrow(() -> new DataException(problems));
  }

  private static org.apache.spark.sql.Column[] aggregates(StructType schema) {
    List<org.apache.spark.sql.Column> all = new ArrayList<>();
    all.add(count(lit(1)));
    for (StructField field : schema.fields()) {
      org.apache.spark.sql.Column column = column(field.name());
      boolean scalar = isScalar(field.dataType());
      boolean number = FeaturePlan.isNumber(field.dataType());
      org.apache.spark.sql.Column value = number ? column.cast("double") : lit(null);
      all.add(count(column));
      all.add(scalar ? approx_count_distinct(column, RELATIVE_ERROR) : lit(-1L));
      all.add(min(value).cast("double"));
      all.add(avg(value).cast("double"));
      all.add(max(value).cast("double"));
    }
    return all.toArray(org.apache.spark.sql.Column[]::new);
  }

  private static boolean isScalar(DataType type) {
    return FeaturePlan.isNumber(type) || FeaturePlan.isTime(type) || type instanceof StringType;
  }

  private static org.apache.spark.sql.Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  private static List<Column> columns(Dataset<Row> data, Row totals, long rows) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : data.schema().fields()) {
      int at = 2 + 5 * columns.size();
      columns.add(
          new Column(
              field.name(),
              field.dataType().simpleString(),
              "",
              rows - totals.getLong(at),
              totals.getLong(at + 1),
              number(totals, at + 2),
              number(totals, at + 3),
              number(totals, at + 4),
              List.of()));
    }
    return columns;
  }

  private static @Nullable Double number(Row row, int at) {
    return row.isNullAt(at) ? null : (Double) row.getDouble(at);
  }

  /** The values of columns that have few, with their counts, the most frequent first. */
  private static Map<String, List<LabelCount>> frequent(Dataset<Row> data, List<Column> columns) {
    List<org.apache.spark.sql.Column> pairs = new ArrayList<>();
    for (Column c : columns) {
      if (c.distinct() >= 0 && c.distinct() <= FEW) {
        pairs.add(struct(lit(c.name()).as("column"), column(c.name()).cast("string").as("value")));
      }
    }
    if (pairs.isEmpty()) {
      return Map.of();
    }
    return data
        .select(explode(array(pairs.toArray(org.apache.spark.sql.Column[]::new))).as("pair"))
        .where("pair.value is not null")
        .groupBy("pair.column", "pair.value")
        .agg(count(lit(1)).as("rows"))
        .orderBy(col("rows").desc(), col("value"))
        .collectAsList()
        .stream()
        .collect(
            Collectors.groupingBy(
                row -> row.getString(0),
                Collectors.mapping(
                    row -> new LabelCount(row.getString(1), row.getLong(2)), Collectors.toList())));
  }

  private static List<LabelCount> first(Map<String, List<LabelCount>> frequent, String column) {
    return frequent.getOrDefault(column, List.of()).stream().limit(SHOWN).toList();
  }

  /** A column with two values and a telling name; else the last one with two; else by name. */
  private static Optional<Column> guess(List<Column> columns) {
    Comparator<Column> telling =
        Comparator.<Column>comparingInt(c -> LABEL.matcher(c.name()).matches() ? 1 : 0)
            .thenComparingInt(columns::indexOf);
    Optional<Column> two = columns.stream().filter(c -> c.distinct() == 2).max(telling);
    Optional<Column> named =
        columns.stream()
            .filter(c -> c.distinct() > 1 && LABEL.matcher(c.name()).matches())
            .max(telling);
    return two.filter(c -> named.isEmpty() || LABEL.matcher(c.name()).matches()).or(() -> named);
  }

  private static Column used(
      Column column,
      Optional<Column> label,
      long rows,
      StructType schema,
      Map<String, List<LabelCount>> frequent) {
    DataType type = FeaturePlan.type(schema, column.name());
    String use;
    if (label.isPresent() && label.get().name().equals(column.name())) {
      use = "label";
    } else if (FeaturePlan.isVector(type)) {
      use = "vector";
    } else if (!isScalar(type) || FeaturePlan.isTime(type) || column.distinct() <= 1) {
      use = "ignored";
    } else if (isKey(column, type, rows)) {
      use = "key";
    } else if (type instanceof StringType) {
      use = "categorical";
    } else {
      boolean whole = !(type instanceof DoubleType || type instanceof FloatType);
      boolean codes = whole && column.distinct() > 2 && column.distinct() <= CODES;
      use = codes && !isNegative(column) ? "categorical" : "numeric";
    }
    return new Column(
        column.name(),
        column.type(),
        use,
        column.missing(),
        column.distinct(),
        column.minimum(),
        column.mean(),
        column.maximum(),
        first(frequent, column.name()).stream().map(LabelCount::value).toList());
  }

  private static boolean isNegative(Column column) {
    return column.minimum() != null && column.minimum() < 0;
  }

  /** Distinct in every row, as far as the estimate tells: texts, and numbers named like keys. */
  private static boolean isKey(Column column, DataType type, long rows) {
    boolean distinct = rows > 50 && column.distinct() >= (1 - 3 * RELATIVE_ERROR) * rows;
    return distinct && (type instanceof StringType || KEY.matcher(column.name()).matches());
  }

  private static Description libsvm(Sources.Opened opened, List<String> paths) {
    Dataset<Row> labels =
        opened
            .rows()
            .select(
                org.apache
                    .spark
                    .sql
                    .functions
                    .regexp_extract(col(Sources.LINE), "^\\s*([^\\s#]+)", 1)
                    .as("label"));
    Row totals = labels.agg(count(lit(1)), approx_count_distinct("label", RELATIVE_ERROR)).first();
    Column label =
        new Column("label", "double", "label", 0, totals.getLong(1), null, null, null, List.of());
    List<LabelCount> classes = first(frequent(labels, List.of(label)), "label");
    return new Description(
        "libsvm",
        totals.getLong(0),
        opened.bytes(),
        List.of(label),
        "label",
        classes,
        SuggestedConfiguration.of(
            paths, "libsvm", Map.of(), List.of(), Optional.of(label), classes),
        List.of("LIBSVM lines hold a label and one sparse vector; no columns to name"));
  }

  /**
   * What was found.
   *
   * @param bytes size of the files
   * @param label the label column, given or guessed; null where none could be
   * @param classes the label's values with their counts, the most frequent first; empty where there
   *     are more than a few
   * @param configuration a suggested configuration, as YAML
   */
  public record Description(
      String format,
      long rows,
      long bytes,
      List<Column> columns,
      @Nullable String label,
      List<LabelCount> classes,
      String configuration,
      List<String> notes) {}

  /**
   * One column.
   *
   * @param type Spark's name of it
   * @param use what would be made of it: numeric, categorical, vector, key, label or ignored
   * @param distinct number of distinct values, estimated within some 2 %; −1 where not counted
   * @param mean null where the column holds no numbers
   * @param frequent some of the values, the most frequent first; empty where there are many
   */
  public record Column(
      String name,
      String type,
      String use,
      long missing,
      long distinct,
      @Nullable Double minimum,
      @Nullable Double mean,
      @Nullable Double maximum,
      List<String> frequent) {}

  /** One value of the label. */
  public record LabelCount(String value, long rows) {}
}
