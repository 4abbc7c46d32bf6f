package dev.talweg.jobs.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.jobs.bench.CompareOptions.WrongInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/**
 * A user's file, as both sides are to read it: looked at once, before any clock.
 *
 * @param positive the label that is 1, null where labels are the numbers 0 and 1
 * @param vector the column of vectors; null means raw columns
 * @param numbers raw columns that are numbers, by their names in the file
 * @param texts raw columns of categories
 * @param leftOut columns that no side uses, with the reason
 */
record UserTable(
    SparkSession spark,
    CompareOptions asked,
    String format,
    @Nullable String positive,
    @Nullable String vector,
    List<String> numbers,
    List<String> texts,
    Map<String, String> leftOut) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 6;

  /**
   * @throws WrongInput where it cannot be compared on
   */
  static UserTable of(SparkSession spark, CompareOptions asked) {
    String format = asked.format() == null ? format(asked.data().get(0)) : asked.format();
    UserTable unknown =
        new UserTable(spark, asked, format, null, null, List.of(), List.of(), Map.of());
    Dataset<Row> rows = unknown.opened();
    Map<String, DataType> types = new LinkedHashMap<>();
    for (StructField field : rows.schema().fields()) {
      types.put(field.name(), field.dataType());
    }
    List<String> named = new ArrayList<>(asked.ignore());
    named.add(asked.label());
    if (asked.vector() != null) {
      named.add(asked.vector());
    }
    for (String name : named) {
      if (!types.containsKey(name)) {
        throw new WrongInput(
            name + " is no column; these are: " + String.join(", ", types.keySet()));
      }
    }
    String positive = positive(rows, asked);
    types.keySet().removeAll(asked.ignore());
    types.remove(asked.label());
    String vector = vector(types, asked);
    List<String> numbers = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    Map<String, String> leftOut = new LinkedHashMap<>();
    types.forEach(
        (name, type) -> {
          if (vector != null) {
            if (!name.equals(vector)) {
              leftOut.put(name, "there is a column of vectors");
            }
          } else if (type instanceof NumericType) {
            numbers.add(name);
          } else if (type instanceof StringType || type instanceof BooleanType) {
            texts.add(name);
          } else {
            leftOut.put(name, "it is " + type.simpleString());
          }
        });
    empty(rows, numbers).forEach(name -> leftOut.put(name, "it has no values"));
    numbers.removeAll(leftOut.keySet());
    if (vector == null && numbers.isEmpty() && texts.isEmpty()) {
      throw new WrongInput("no column is left to learn from besides " + asked.label());
    }
    return new UserTable(spark, asked, format, positive, vector, numbers, texts, leftOut);
  }

  private static String format(String path) {
    String name = path.replaceFirst("\\.(gz|bz2|zst)$", "");
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return switch (extension) {
      case "csv", "orc", "json", "libsvm" -> extension;
      case "jsonl" -> "json";
      default -> "parquet";
    };
  }

  private Dataset<Row> opened() {
    DataFrameReader reader = spark.read().options(asked.options());
    if (format.equals("csv")) {
      if (!asked.options().containsKey("header")) {
        reader = reader.option("header", "true");
      }
      reader = reader.option("inferSchema", "true");
    }
    try {
      Dataset<Row> rows = reader.format(format).load(asked.data().toArray(String[]::new));
      return asked.where() == null ? rows : rows.where(asked.where());
    } catch (Exception e) { // Spark throws checked exceptions that Scala does not declare
      String message = String.valueOf(e.getMessage());
      throw new WrongInput(
          String.join(", ", asked.data())
              + " cannot be read as "
              + format
              + ": "
              + message.lines().findFirst().orElse(message)
              + "; see --data, --format and --where");
    }
  }

  private static @Nullable String positive(Dataset<Row> rows, CompareOptions asked) {
    Column label = column(asked.label());
    List<Row> values = rows.groupBy(label.as("label")).count().limit(SHOWN).collectAsList();
    List<Object> found = new ArrayList<>();
    for (Row value : values) {
      if (value.isNullAt(0)) {
        throw new WrongInput(
            value.getLong(1)
                + " rows have no "
                + asked.label()
                + "; leave them out with --where \"`"
                + asked.label()
                + "` is not null\"");
      }
      found.add(value.get(0));
    }
    String shown =
        found.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "))
            + (found.size() == SHOWN ? ", …" : "");
    if (found.size() != 2) {
      throw new WrongInput(
          "the label " + asked.label() + " has to have two values, and has: " + shown);
    }
    if (asked.positive() != null) {
      if (found.stream().noneMatch(value -> text(value).equals(asked.positive()))) {
        throw new WrongInput(
            "--positive " + asked.positive() + " is no value of " + asked.label() + ": " + shown);
      }
      return asked.positive();
    }
    boolean numbers =
        found.stream()
            .allMatch(v -> v instanceof Number n && (n.doubleValue() == 0 || n.doubleValue() == 1));
    if (!numbers) {
      throw new WrongInput(
          "the label " + asked.label() + " is " + shown + "; say which is 1 with --positive VALUE");
    }
    return null;
  }

  /** As users write it: 1 for 1.0. */
  private static String text(Object value) {
    return value instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue())
        ? Long.toString(n.longValue())
        : value.toString();
  }

  private static @Nullable String vector(Map<String, DataType> types, CompareOptions asked) {
    List<String> vectors =
        types.keySet().stream().filter(name -> types.get(name) instanceof VectorUDT).toList();
    if (asked.vector() != null) {
      if (!vectors.contains(asked.vector())) {
        throw new WrongInput(
            "--vector " + asked.vector() + " is no column of spark.ml vectors; see its type");
      }
      return asked.vector();
    }
    if (vectors.size() > 1) {
      throw new WrongInput(
          "there are several columns of vectors: "
              + String.join(", ", vectors)
              + "; choose one with --vector COLUMN");
    }
    return vectors.isEmpty() ? null : vectors.get(0);
  }

  private static List<String> empty(Dataset<Row> rows, List<String> numbers) {
    if (numbers.isEmpty()) {
      return List.of();
    }
    Column[] counts =
        numbers.stream().map(name -> functions.count(column(name))).toArray(Column[]::new);
    Row counted = rows.agg(counts[0], Arrays.copyOfRange(counts, 1, counts.length)).first();
    List<String> empty = new ArrayList<>();
    for (int k = 0; k < numbers.size(); k++) {
      if (counted.getLong(k) == 0) {
        empty.add(numbers.get(k));
      }
    }
    return empty;
  }

  /** The rows for spark.ml: label as 0.0 and 1.0, then features, or n0, n1, …, t0, t1, …. */
  Dataset<Row> rows() {
    Dataset<Row> rows = opened();
    Column label = column(asked.label());
    List<Column> columns = new ArrayList<>();
    columns.add(
        (positive == null
                ? label.cast("double")
                : functions.when(isPositive(rows, label), 1.0).otherwise(0.0))
            .as("label"));
    if (vector != null) {
      columns.add(column(vector).as("features"));
    }
    for (int k = 0; k < numbers.size(); k++) {
      columns.add(column(numbers.get(k)).cast("double").as("n" + k));
    }
    for (int k = 0; k < texts.size(); k++) {
      columns.add(column(texts.get(k)).cast("string").as("t" + k));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private Column isPositive(Dataset<Row> rows, Column label) {
    DataType type = rows.schema().apply(asked.label()).dataType();
    String value = Objects.requireNonNull(positive);
    return type instanceof NumericType
        ? label.cast("double").equalTo(Double.parseDouble(value))
        : label.cast("string").equalTo(value);
  }

  SparkStages stages() {
    List<String> n = new ArrayList<>();
    List<String> t = new ArrayList<>();
    numbers.forEach(name -> n.add("n" + n.size()));
    texts.forEach(name -> t.add("t" + t.size()));
    return new SparkStages(n, t);
  }

  /** YAML of data and features, for Talweg; JSON's texts and lists are YAML's. */
  String source() {
    StringBuilder yaml = new StringBuilder("data:\n");
    yaml.append("  train: ").append(json(asked.data())).append('\n');
    yaml.append("  format: ").append(json(format)).append('\n');
    yaml.append("  options: ").append(json(asked.options())).append('\n');
    yaml.append("  label: {column: ").append(json(asked.label()));
    if (positive != null) {
      yaml.append(", positive: ").append(json(positive));
    }
    yaml.append("}\n");
    if (asked.where() != null) {
      yaml.append("  where: ").append(json(asked.where())).append('\n');
    }
    yaml.append("features:\n");
    if (vector != null) {
      return yaml.append("  vector: ").append(json(vector)).append('\n').toString();
    }
    yaml.append("  numeric: ").append(json(numbers)).append('\n');
    return yaml.append("  categorical: ").append(json(texts)).append('\n').toString();
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and lists are always written", e);
    }
  }

  /** A column by its very name, dots and backticks included. */
  private static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
