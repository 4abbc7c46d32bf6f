package dev.talweg.datasets;

import dev.talweg.datasets.FeatureSpec.Categorical;
import dev.talweg.datasets.FeatureSpec.Numeric;
import dev.talweg.optimizer.catalog.NearestName;
import dev.talweg.optimizer.naming.Glob;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Which column is read how: a {@link FeatureSpec} resolved against a schema, before any row is
 * read.
 *
 * @param numeric scalar columns that become one number each
 * @param dictionaries categorical columns with a dictionary of their levels
 * @param hashed categorical columns hashed into 2^bits features
 * @param crosses tuples of columns, hashed together
 * @param vector a vector column, or LIBSVM lines
 * @param sequence of the vector column, where rows have lengths of their own
 */
record FeaturePlan(
    List<Numeric> numeric,
    List<Categorical> dictionaries,
    List<Categorical> hashed,
    List<List<String>> crosses,
    @Nullable String vector,
    List<String> missing,
    @Nullable Sequence sequence)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  FeaturePlan(
      List<Numeric> numeric,
      List<Categorical> dictionaries,
      List<Categorical> hashed,
      List<List<String>> crosses,
      @Nullable String vector,
      List<String> missing) {
    this(numeric, dictionaries, hashed, crosses, vector, missing, null);
  }

  /** Between the columns of a cross, and between their levels. */
  static final String CROSS = " × ";

  private static final int MOST_BITS = 28;

  /** Resolves what the configuration says, or infers it; all problems at once. */
  static FeaturePlan resolve(
      FeatureSpec spec,
      StructType schema,
      Set<String> reserved,
      Set<String> numbersInText,
      List<String> notes) {
    List<String> problems = new ArrayList<>();
    FeaturePlan plan =
        spec.isInferred()
            ? inferred(spec, schema, reserved, numbersInText, notes)
            : named(spec, schema, reserved, problems, notes);
    for (List<String> cross : spec.crosses()) {
      for (String column : cross) {
        find(column, schema, "features.crosses", problems);
      }
    }
    if (plan.numeric.isEmpty()
        && plan.dictionaries.isEmpty()
        && plan.hashed.isEmpty()
        && plan.crosses.isEmpty()
        && plan.vector == null
        && problems.isEmpty()) {
      problems.add(
          "no column is left for features: "
              + String.join(", ", schema.fieldNames())
              + " are label, weight, key, ignored or of no usable type; name some under features");
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return plan;
  }

  /** The names of the numeric columns. */
  List<String> numericColumns() {
    return numeric.stream().map(Numeric::column).toList();
  }

  /** The name of dictionary c: those of columns come first, then those of crosses. */
  String dictionaryName(int c) {
    return c < dictionaries.size()
        ? dictionaries.get(c).column()
        : String.join(CROSS, crosses.get(c - dictionaries.size()));
  }

  /** What is read how, in lines. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    if (!numeric.isEmpty()) {
      lines.add("numeric: " + String.join(", ", numeric.stream().map(Numeric::feature).toList()));
    }
    if (!dictionaries.isEmpty()) {
      lines.add(
          "categorical: "
              + String.join(", ", dictionaries.stream().map(Categorical::column).toList()));
    }
    hashed.forEach(c -> lines.add("hashed into 2^" + c.hashBits() + ": " + c.column()));
    crosses.forEach(c -> lines.add("cross: " + String.join(CROSS, c)));
    if (vector != null) {
      lines.add("vector: " + vector);
    }
    return lines;
  }

  private static FeaturePlan inferred(
      FeatureSpec spec,
      StructType schema,
      Set<String> reserved,
      Set<String> numbersInText,
      List<String> notes) {
    List<Numeric> numeric = new ArrayList<>();
    List<Categorical> categorical = new ArrayList<>();
    String vector = null;
    for (StructField field : schema.fields()) {
      String name = field.name();
      if (reserved.contains(name) || name.equals(Sources.CORRUPT)) {
        continue;
      }
      if (isVector(field.dataType()) && vector == null) {
        vector = name;
      } else if (numbersInText.contains(name)) {
        numeric.add(new Numeric(name));
        notes.add("column " + name + " is text that holds numbers: read as numeric");
      } else if (isNumber(field.dataType())) {
        numeric.add(new Numeric(name));
      } else if (field.dataType() instanceof StringType) {
        categorical.add(new Categorical(name, 0, 1));
      } else {
        notes.add(
            "column "
                + name
                + " ("
                + field.dataType().simpleString()
                + ") is not used; name it under features.numeric to use it as a number");
      }
    }
    return new FeaturePlan(
        numeric, categorical, List.of(), spec.crosses(), vector, spec.missing(), spec.sequence());
  }

  private static FeaturePlan named(
      FeatureSpec spec,
      StructType schema,
      Set<String> reserved,
      List<String> problems,
      List<String> notes) {
    Set<String> used = new LinkedHashSet<>();
    List<Numeric> numeric = new ArrayList<>();
    for (Numeric given : spec.numeric()) {
      for (String name : matches(given.column(), schema, reserved, "features.numeric", problems)) {
        DataType type = type(schema, name);
        if (!isNumber(type) && !isTime(type) && !(type instanceof StringType)) {
          problems.add(
              "features.numeric: column "
                  + name
                  + " is "
                  + type.simpleString()
                  + "; numbers, booleans, dates, timestamps and texts that hold numbers are allowed");
          continue;
        }
        Numeric column = new Numeric(name, given.transform());
        if (used.add(name)) {
          numeric.add(column);
        } else if (!numeric.contains(column)) {
          problems.add("column " + name + " is named with two transforms; name it once");
        }
      }
    }
    List<Categorical> dictionaries = new ArrayList<>();
    List<Categorical> hashed = new ArrayList<>();
    for (Categorical categorical : spec.categorical()) {
      if (categorical.hashBits() > MOST_BITS) {
        problems.add(
            "features.categorical: hash-bits of "
                + categorical.column()
                + " is "
                + categorical.hashBits()
                + ", at most "
                + MOST_BITS
                + " is allowed");
      }
      for (String name :
          matches(categorical.column(), schema, reserved, "features.categorical", problems)) {
        DataType type = type(schema, name);
        if (isVector(type)) {
          problems.add(
              "features.categorical: column "
                  + name
                  + " is "
                  + type.simpleString()
                  + "; texts, numbers, booleans and dates are allowed");
        } else if (!used.add(name)) {
          problems.add("column " + name + " is both numeric and categorical; name it once");
        } else {
          (categorical.hashBits() > 0 ? hashed : dictionaries)
              .add(new Categorical(name, categorical.hashBits(), categorical.minCount()));
        }
      }
    }
    String vector = null;
    if (spec.vector() != null) {
      vector = find(spec.vector(), schema, "features.vector", problems).orElse(null);
      if (vector != null && !isVector(type(schema, vector))) {
        problems.add(
            "features.vector: column "
                + vector
                + " is "
                + type(schema, vector).simpleString()
                + "; a vector, an array of numbers or a struct of indices and values is allowed");
      } else if (vector != null) {
        used.add(vector);
      }
    }
    List<String> unused = new ArrayList<>();
    for (String name : schema.fieldNames()) {
      if (!used.contains(name) && !reserved.contains(name) && !name.equals(Sources.CORRUPT)) {
        unused.add(name);
      }
    }
    if (!unused.isEmpty()) {
      notes.add("columns not named under features are not used: " + String.join(", ", unused));
    }
    return new FeaturePlan(
        numeric, dictionaries, hashed, spec.crosses(), vector, spec.missing(), spec.sequence());
  }

  private static List<String> matches(
      String pattern, StructType schema, Set<String> reserved, String key, List<String> problems) {
    Glob glob = new Glob(pattern);
    if (!glob.isPattern()) {
      return find(pattern, schema, key, problems).map(List::of).orElse(List.of());
    }
    List<String> found = new ArrayList<>();
    for (String name : schema.fieldNames()) {
      if (!reserved.contains(name) && glob.matches(name)) {
        found.add(name);
      }
    }
    if (found.isEmpty()) {
      problems.add(key + ": no column matches " + pattern + "; columns are " + names(schema));
    }
    return found;
  }

  /** The column of this name, whatever its case; else a problem with the nearest name. */
  static Optional<String> find(String name, StructType schema, String key, List<String> problems) {
    for (String field : schema.fieldNames()) {
      if (field.equals(name)) {
        return Optional.of(field);
      }
    }
    for (String field : schema.fieldNames()) {
      if (field.equalsIgnoreCase(name)) {
        return Optional.of(field);
      }
    }
    problems.add(
        key
            + ": no column "
            + name
            + NearestName.hint(name, Arrays.asList(schema.fieldNames()))
            + "; columns are "
            + names(schema));
    return Optional.empty();
  }

  static String names(StructType schema) {
    List<String> names = new ArrayList<>(List.of(schema.fieldNames()));
    names.remove(Sources.CORRUPT);
    return names.size() <= 40
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 40)) + ", … (" + names.size() + ")";
  }

  static DataType type(StructType schema, String name) {
    return schema.fields()[schema.fieldIndex(name)].dataType();
  }

  static boolean isNumber(DataType type) {
    return type instanceof NumericType || type instanceof BooleanType;
  }

  static boolean isTime(DataType type) {
    return type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  /**
   * A spark.ml vector, an array of numbers, or a struct with arrays {@code indices} and {@code
   * values}.
   */
  static boolean isVector(DataType type) {
    if (type.equals(SQLDataTypes.VectorType())) {
      return true;
    }
    if (type instanceof ArrayType array) {
      return array.elementType() instanceof NumericType;
    }
    if (type instanceof StructType struct) {
      List<String> names = List.of(struct.fieldNames());
      return names.contains("indices")
          && names.contains("values")
          && type(struct, "indices") instanceof ArrayType indices
          && indices.elementType() instanceof NumericType
          && type(struct, "values") instanceof ArrayType values
          && values.elementType() instanceof NumericType;
    }
    return false;
  }
}
