package dev.talweg.jobs.config;

import dev.talweg.datasets.FeatureSpec.Categorical;
import dev.talweg.datasets.FeatureSpec.Numeric;
import dev.talweg.datasets.NumericTransform;
import dev.talweg.jobs.config.Form.Complaints;
import dev.talweg.jobs.config.RunConfig.Range;
import dev.talweg.jobs.config.Value.Block;
import dev.talweg.jobs.config.Value.Field;
import dev.talweg.jobs.config.Value.Items;
import dev.talweg.jobs.config.Value.Scalar;
import dev.talweg.optimizer.catalog.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The forms of what names features: which they are, and what some have of their own. */
final class FeatureForms {
  private static final Range NON_NEGATIVE = new Range(0, Double.POSITIVE_INFINITY);
  private static final Range NON_POSITIVE = new Range(Double.NEGATIVE_INFINITY, 0);

  private FeatureForms() {}

  static Form<Map<String, Double>> factors() {
    return new Form<>(
        "a block of factors ≥ 0 by feature such as {\"pay_*\": 0.5, age: 0}",
        (value, c) -> readByName(value, c, "a factor ≥ 0", FeatureForms::asFactor),
        x -> true,
        factors -> factors,
        List.of("{}", "{\"pay_*\": 0.5, age: 0}"),
        List.of("0.5", "[age]", "{age: -1}", "{age: x}", "{age: [1]}", "{age: .inf}"));
  }

  private static @Nullable Double asFactor(Value value) {
    Double factor = Forms.asNumber(value);
    return factor != null && factor >= 0 && Double.isFinite(factor) ? factor : null;
  }

  static Form<Map<String, Range>> bounds() {
    return new Form<>(
        "a block of bounds by feature such as {\"pay_*\": non-negative, age: {lower: -1, upper: 5}}",
        (value, c) ->
            readByName(
                value,
                c,
                "non-negative, non-positive or {lower, upper} with lower ≤ upper",
                FeatureForms::asRange),
        x -> true,
        bounds -> {
          Map<String, Object> shown = new LinkedHashMap<>();
          bounds.forEach((name, range) -> shown.put(name, write(range)));
          return shown;
        },
        List.of(
            "{}",
            "{\"pay_*\": non-negative, age: {lower: -1, upper: 5}}",
            "{age: {upper: 0.5}, limit: non-positive}"),
        List.of(
            "non-negative",
            "[age]",
            "{age: positive}",
            "{age: {lower: 2, upper: 1}}",
            "{age: {least: 2}}",
            "{age: {lower: x}}",
            "{age: {}}"));
  }

  private static Object write(Range range) {
    if (range.equals(NON_NEGATIVE) || range.equals(NON_POSITIVE)) {
      return range.equals(NON_NEGATIVE) ? "non-negative" : "non-positive";
    }
    Map<String, Object> ends = new LinkedHashMap<>();
    if (Double.isFinite(range.lower())) {
      ends.put("lower", range.lower());
    }
    if (Double.isFinite(range.upper())) {
      ends.put("upper", range.upper());
    }
    return ends;
  }

  private static @Nullable Range asRange(Value value) {
    if (!(value instanceof Block block)) {
      String sign = Forms.asText(value);
      return "non-negative".equals(sign)
          ? NON_NEGATIVE
          : "non-positive".equals(sign) ? NON_POSITIVE : null;
    }
    Map<String, Double> ends = new LinkedHashMap<>();
    for (Map.Entry<String, Field> entry : block.fields().entrySet()) {
      Double end = Forms.asNumber(entry.getValue().value());
      if (end == null || !Double.isFinite(end)) {
        return null;
      }
      ends.put(entry.getKey(), end + 0.0); // −0 is 0
    }
    double lower = ends.getOrDefault("lower", Double.NEGATIVE_INFINITY);
    double upper = ends.getOrDefault("upper", Double.POSITIVE_INFINITY);
    return !ends.isEmpty() && List.of("lower", "upper").containsAll(ends.keySet()) && lower <= upper
        ? new Range(lower, upper)
        : null;
  }

  /** Values by the name of a feature, in order. */
  private static <T> @Nullable Map<String, T> readByName(
      Value value, Complaints c, String allowed, Function<Value, @Nullable T> reader) {
    if (!(value instanceof Block block)) {
      return null;
    }
    Map<String, T> byName = new LinkedHashMap<>();
    block
        .fields()
        .forEach(
            (name, field) -> {
              T read = reader.apply(field.value());
              if (read == null) {
                String found = field.value().found();
                c.tell(
                    field.value(),
                    "found " + found + " for " + name + ", " + allowed + " is allowed there");
              } else {
                byName.put(name, read);
              }
            });
    return byName;
  }

  static Form<List<Numeric>> numerics() {
    return new Form<>(
        "a list of column names, globs or {column, transform}",
        (value, c) -> readColumns(value, c, "transform", Numeric::new, FeatureForms::readNumeric),
        list -> list.stream().noneMatch(numeric -> numeric.column().isBlank()),
        list -> list.stream().map(FeatureForms::write).toList(),
        List.of("[age, \"pay_*\", {column: amount, transform: log1p}]", "age", "[]"),
        List.of(
            "{a: b}",
            "[[a]]",
            "[null]",
            "[{transform: log1p}]",
            "[{column: a, transform: log2}]",
            "[{column: a, transform: [log1p]}]",
            "[{column: a, transforms: log1p}]"));
  }

  private static Object write(Numeric numeric) {
    if (numeric.transform() == NumericTransform.NONE) {
      return numeric.column();
    }
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("column", numeric.column());
    block.put("transform", numeric.transform().text());
    return block;
  }

  private static Numeric readNumeric(Block block, Complaints c) {
    Map<String, NumericTransform> transforms = new LinkedHashMap<>();
    for (NumericTransform transform : NumericTransform.values()) {
      transforms.put(transform.text(), transform);
    }
    String column = "";
    NumericTransform transform = NumericTransform.NONE;
    for (Map.Entry<String, Field> entry : block.fields().entrySet()) {
      Value value = entry.getValue().value();
      String text = Forms.asText(value);
      switch (entry.getKey()) {
        case "column" -> column = text == null ? "" : text;
        case "transform" -> {
          NumericTransform named = transforms.get(text);
          if (named == null) {
            c.tell(
                value,
                "found transform "
                    + value.found()
                    + ", one of "
                    + String.join(", ", transforms.keySet())
                    + " is allowed"
                    + NearestName.hint(String.valueOf(text), transforms.keySet()));
          } else {
            transform = named;
          }
        }
        default -> unknown(entry, List.of("column", "transform"), c);
      }
    }
    if (column.isBlank()) {
      c.tell(block, "found a block without column, {column: NAME, transform: log1p} is allowed");
    }
    return new Numeric(column, transform);
  }

  /** Says that a block of a column has a key that it cannot have. */
  private static void unknown(Map.Entry<String, Field> entry, List<String> known, Complaints c) {
    int last = known.size() - 1;
    c.tell(
        new Scalar("", false, entry.getValue().key()),
        "found key "
            + entry.getKey()
            + ", "
            + String.join(", ", known.subList(0, last))
            + " and "
            + known.get(last)
            + " are allowed"
            + NearestName.hint(entry.getKey(), known));
  }

  /**
   * A list of columns, or one of them.
   *
   * @param settings what a column may have in a block
   */
  private static <T> List<T> readColumns(
      Value value,
      Complaints c,
      String settings,
      Function<String, T> plain,
      BiFunction<Block, Complaints, T> withSettings) {
    List<Value> items = value instanceof Items list ? list.items() : List.of(value);
    List<T> result = new ArrayList<>();
    for (Value item : items) {
      String text = Forms.asText(item);
      if (text != null && !text.isBlank()) {
        result.add(plain.apply(text));
      } else if (item instanceof Block block) {
        result.add(withSettings.apply(block, c));
      } else {
        c.tell(
            item,
            "found " + item.found() + ", a column name or {column, " + settings + "} is allowed");
      }
    }
    return result;
  }

  static Form<List<Categorical>> categoricals() {
    return new Form<>(
        "a list of column names, globs or {column, hash-bits, min-count}",
        (value, c) ->
            readColumns(
                value,
                c,
                "hash-bits, min-count",
                text -> new Categorical(text, 0, 1),
                FeatureForms::readCategorical),
        x -> true,
        list -> list.stream().map(FeatureForms::write).toList(),
        List.of("[sex, {column: merchant, hash-bits: 20, min-count: 5}]", "sex", "[]"),
        List.of(
            "[[sex]]",
            "[{hash-bits: 20}]",
            "[{column: a, hash-bit: 20}]",
            "[{column: a, hash-bits: 31}]",
            "[{column: a, min-count: 0}]",
            "{column: sex, bits: 3}"));
  }

  private static Object write(Categorical c) {
    if (c.hashBits() == 0 && c.minCount() == 1) {
      return c.column();
    }
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("column", c.column());
    block.put("hash-bits", (long) c.hashBits());
    block.put("min-count", c.minCount());
    return block;
  }

  private static Categorical readCategorical(Block block, Complaints c) {
    String column = "";
    long bits = 0;
    long count = 1;
    for (Map.Entry<String, Field> entry : block.fields().entrySet()) {
      Value value = entry.getValue().value();
      String text = Forms.asText(value);
      Long number = Forms.asInteger(value);
      switch (entry.getKey()) {
        case "column" -> column = text == null ? "" : text;
        case "hash-bits" -> {
          bits = number == null ? -1 : number;
          if (bits < 0 || bits > 30) {
            c.tell(
                value,
                "found hash-bits "
                    + value.found()
                    + ", a whole number from 0 (a dictionary) to 30 is allowed");
          }
        }
        case "min-count" -> {
          count = number == null ? -1 : number;
          if (count < 1) {
            c.tell(value, "found min-count " + value.found() + ", a whole number ≥ 1 is allowed");
          }
        }
        default -> unknown(entry, List.of("column", "hash-bits", "min-count"), c);
      }
    }
    if (column.isBlank()) {
      c.tell(block, "found a block without column, {column: NAME, hash-bits: 20} is allowed");
    }
    return new Categorical(column, (int) bits, count);
  }

  static Form<List<List<String>>> crosses() {
    return new Form<>(
        "a list of lists of at least two categorical columns",
        (value, c) -> {
          if (!(value instanceof Items items)) {
            return null;
          }
          List<List<String>> crosses = new ArrayList<>();
          for (Value item : items.items()) {
            List<String> columns = item instanceof Items ? Forms.readTexts(item, c) : null;
            if (columns == null || columns.size() < 2) {
              c.tell(
                  item,
                  "found "
                      + item.found()
                      + ", a list of at least two columns such as [sex, education] is allowed");
            } else {
              crosses.add(columns);
            }
          }
          return crosses;
        },
        x -> true,
        crosses -> crosses,
        List.of("[[sex, education]]", "[]"),
        List.of("sex", "[sex, education]", "[[sex]]"));
  }
}
