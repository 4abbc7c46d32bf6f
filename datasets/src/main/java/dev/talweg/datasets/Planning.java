package dev.talweg.datasets;

import dev.talweg.optimizer.naming.Glob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** What columns are to the features, before a row is read: all problems are told at once. */
final class Planning {
  /** Rows whose texts are looked at. */
  private static final int SAMPLE = 10_000;

  private Planning() {}

  /**
   * @param named names and globs of features by the key of the configuration that has them
   * @throws DataException with every problem found
   */
  static FeaturePlan plan(
      Sources.Opened opened,
      DataSpec data,
      FeatureSpec features,
      Mentioned named,
      LabelKind kind,
      List<String> notes) {
    if (opened.format().equals("libsvm")) {
      FeaturePlan lines =
          new FeaturePlan(
              List.of(), List.of(), List.of(), List.of(), Sources.LINE, features.missing());
      List<String> problems = new ArrayList<>();
      features.numeric().stream()
          .filter(column -> column.transform() != NumericTransform.NONE)
          .map(
              column ->
                  "features.numeric: LIBSVM lines have no column "
                      + column.column()
                      + "; write the data as Parquet or CSV, or remove its transform")
          .forEach(problems::add);
      problems.addAll(PossibleNames.of(lines).problems(named));
      throwIfAny(problems);
      return lines;
    }
    List<String> problems = new ArrayList<>();
    StructType schema = opened.rows().schema();
    Set<String> reserved = new LinkedHashSet<>();
    FeaturePlan.find(data.label().column(), schema, "data.label", problems)
        .ifPresent(reserved::add);
    if (data.weight() != null) {
      FeaturePlan.find(data.weight(), schema, "data.weight", problems).ifPresent(reserved::add);
    }
    if (data.offset() != null) {
      FeaturePlan.find(data.offset().column(), schema, offsetKey(data.offset()), problems)
          .ifPresent(reserved::add);
    }
    for (String key : data.keys()) {
      FeaturePlan.find(key, schema, "data.keys", problems).ifPresent(reserved::add);
    }
    for (String ignored : data.ignore()) {
      FeaturePlan.find(ignored, schema, "data.ignore", problems).ifPresent(reserved::add);
    }
    if (!problems.isEmpty()) {
      problems.addAll(possibleNames(schema, features).problems(named));
      throw new DataException(problems);
    }
    DataType label = FeaturePlan.type(schema, reserved.iterator().next());
    if (kind != LabelKind.BINARY && kind != LabelKind.MULTICLASS && !FeaturePlan.isNumber(label)) {
      throw new DataException(
          "data.label: column "
              + data.label().column()
              + " is "
              + label.simpleString()
              + ", a regression needs numbers; use model: logistic for two classes, model: multinomial"
              + " for more");
    }
    FeaturePlan plan;
    try {
      plan =
          FeaturePlan.resolve(
              features, schema, reserved, numbersInText(opened, reserved, features), notes);
    } catch (DataException e) {
      problems.addAll(e.problems());
      problems.addAll(possibleNames(schema, features).problems(named));
      throw new DataException(problems);
    }
    throwIfAny(PossibleNames.of(plan).problems(named));
    return plan;
  }

  /** An encoding's columns must be there. */
  static void checkColumns(Sources.Opened opened, DataSpec data, Encoding encoding) {
    List<String> problems = new ArrayList<>();
    StructType schema = opened.rows().schema();
    if (!opened.format().equals("libsvm")) {
      for (Encoding.Column column : encoding.columns()) {
        for (String input : column.inputs()) {
          FeaturePlan.find(input, schema, "the model needs its columns", problems);
        }
      }
      if (data.offset() != null) {
        String needs = "the model needs its " + offsetKey(data.offset());
        FeaturePlan.find(data.offset().column(), schema, needs, problems);
      }
    }
    throwIfAny(problems);
  }

  /** Where features cannot be resolved, a column may still become any. */
  private static PossibleNames possibleNames(StructType schema, FeatureSpec features) {
    List<String> columns = new ArrayList<>(List.of(schema.fieldNames()));
    features.crosses().forEach(cross -> columns.add(String.join(FeaturePlan.CROSS, cross)));
    for (FeatureSpec.Numeric numeric : features.numeric()) {
      Glob glob = new Glob(numeric.column());
      Arrays.stream(schema.fieldNames())
          .filter(name -> numeric.transform() != NumericTransform.NONE && glob.matches(name))
          .forEach(name -> columns.add(numeric.transform().named(name)));
    }
    return PossibleNames.of(columns);
  }

  static void throwIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
  }

  static String offsetKey(DataSpec.Offset offset) {
    return "data." + offset.form().name().toLowerCase(Locale.ROOT);
  }

  /** Text columns of text files of whose first values 99 % are numbers. */
  private static Set<String> numbersInText(
      Sources.Opened opened, Set<String> reserved, FeatureSpec features) {
    Set<String> found = new HashSet<>();
    if (!features.isInferred() || !Set.of("csv", "json").contains(opened.format())) {
      return found;
    }
    List<String> texts = new ArrayList<>();
    StructType schema = opened.rows().schema();
    for (String name : schema.fieldNames()) {
      if (!reserved.contains(name)
          && !name.equals(Sources.CORRUPT)
          && FeaturePlan.type(schema, name) instanceof StringType) {
        texts.add(name);
      }
    }
    if (texts.isEmpty()) {
      return found;
    }
    Column[] columns = texts.stream().map(Selection::column).toArray(Column[]::new);
    List<Row> sample;
    try {
      sample = opened.rows().select(columns).limit(SAMPLE).collectAsList();
    } catch (RuntimeException e) {
      throw Sources.blamed(opened.paths(), opened.format(), e);
    }
    for (int c = 0; c < texts.size(); c++) {
      long numbers = 0;
      long others = 0;
      for (Row row : sample) {
        String text = row.isNullAt(c) ? "" : row.getString(c).strip();
        if (!features.missing().contains(text)) {
          boolean number = text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
          numbers += number ? 1 : 0;
          others += number ? 0 : 1;
        }
      }
      if (numbers > 0 && others <= 0.01 * (numbers + others)) {
        found.add(texts.get(c));
      }
    }
    return found;
  }
}
