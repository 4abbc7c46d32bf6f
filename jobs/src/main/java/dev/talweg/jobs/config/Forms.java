package dev.talweg.jobs.config;

import dev.talweg.jobs.config.Form.Complaints;
import dev.talweg.jobs.config.Value.Block;
import dev.talweg.jobs.config.Value.Items;
import dev.talweg.jobs.config.Value.Scalar;
import dev.talweg.optimizer.catalog.NearestName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms that values of a configuration have; those of features are {@link FeatureForms}. */
final class Forms {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");
  private static final Pattern INTEGER = Pattern.compile("[-+]?\\d{1,18}");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*([smh])");

  private Forms() {}

  static Form<String> text(String allowed, String... valid) {
    return new Form<>(
        allowed,
        (value, c) -> asText(value),
        text -> !text.isBlank(),
        text -> text,
        List.of(valid),
        List.of("\"\"", "[a, b]", "{a: b}"));
  }

  /** One name of several, known when it is read. */
  static Form<String> choice(List<String> names) {
    return choice(names, Function.identity(), Function.identity());
  }

  /** One constant of an enumeration, in kebab case. */
  static <E extends Enum<E>> Form<E> choice(Class<E> type) {
    Map<String, E> byName = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      byName.put(kebab(constant), constant);
    }
    return choice(List.copyOf(byName.keySet()), byName::get, Forms::kebab);
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <T> Form<T> choice(
      List<String> names, Function<String, @Nullable T> of, Function<T, String> name) {
    String allowed = names.size() == 1 ? names.get(0) : "one of " + String.join(", ", names);
    return new Form<>(
        allowed,
        (value, c) -> {
          String text = asText(value);
          if (text != null && !names.contains(text)) {
            c.tell(
                value,
                "found "
                    + value.found()
                    + ", "
                    + allowed
                    + " is allowed"
                    + NearestName.hint(text, names));
            return null;
          }
          return text == null ? null : of.apply(text);
        },
        x -> names.contains(name.apply(x)),
        name::apply,
        names,
        List.of("no-such-name", "[" + names.get(0) + "]", "3"));
  }

  static Form<List<String>> texts(String allowed, String... valid) {
    return new Form<>(
        allowed,
        Forms::readTexts,
        texts -> texts.stream().noneMatch(String::isBlank),
        texts -> texts,
        List.of(valid),
        List.of("{a: b}", "[[a]]", "[null]"));
  }

  static @Nullable List<String> readTexts(Value value, Complaints c) {
    if (value instanceof Scalar) {
      String text = asText(value);
      return text == null ? null : List.of(text);
    }
    if (!(value instanceof Items items)) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Value item : items.items()) {
      String text = asText(item);
      if (text == null) {
        c.tell(item, "found " + item.found() + " in the list, a text is allowed there");
      } else {
        texts.add(text);
      }
    }
    return texts;
  }

  static Form<Double> number(double minimum, double maximum) {
    String upTo = maximum == Double.POSITIVE_INFINITY ? "" : " and ≤ " + plain(maximum);
    return number(
        "a number ≥ " + plain(minimum) + upTo,
        x -> x >= minimum && x <= maximum,
        List.of(plain(minimum), maximum < 1e-3 ? plain(maximum) : "1e-3"),
        List.of("-1", "abc", "\"1\"", ".nan", "1e999", "[1]"));
  }

  static Form<Double> positive() {
    return number(
        "a number > 0", x -> x > 0, List.of("1e-4", "3"), List.of("0", "-2", "abc", ".inf"));
  }

  static Form<Double> fraction() {
    return number(
        "a number > 0 and < 1",
        x -> x > 0 && x < 1,
        List.of("0.2"),
        List.of("0", "1", "20", "20%", "abc"));
  }

  static Form<Double> number(
      String allowed, Predicate<Double> accepts, List<String> valid, List<String> invalid) {
    return new Form<>(
        allowed,
        (value, c) -> asNumber(value),
        x -> Double.isFinite(x) && accepts.test(x),
        x -> x,
        valid,
        invalid);
  }

  static Form<Long> integer(long minimum, long maximum) {
    String allowed =
        minimum == maximum
            ? "only " + minimum
            : maximum >= Integer.MAX_VALUE
                ? "a whole number ≥ " + minimum
                : "a whole number from " + minimum + " to " + maximum;
    return new Form<>(
        allowed,
        (value, c) -> asInteger(value),
        n -> n >= minimum && n <= maximum,
        n -> n,
        List.of(Long.toString(minimum), Long.toString(Math.min(maximum, Math.max(minimum, 8)))),
        List.of(Long.toString(minimum - 1), "1.5", "abc", "\"1\"", "99999999999999999999", "[1]"));
  }

  static Form<Boolean> flag() {
    return new Form<>(
        "true or false",
        (value, c) -> asFlag(value),
        x -> true,
        x -> x,
        List.of("true", "false"),
        List.of("yes", "1", "[true]"));
  }

  static Form<Duration> duration() {
    return new Form<>(
        "a duration such as 90s, 30m or 2h",
        (value, c) -> asDuration(value),
        d -> !d.isZero(),
        Forms::text,
        List.of("90s", "30m", "2h"),
        List.of("30", "30min", "1.5h", "-5m", "0s", "soon", "[30m]"));
  }

  /** Texts by name, passed on as they are; secret ones are never written. */
  static Form<Map<String, String>> options() {
    return new Form<>(
        "a block of options such as {header: true}",
        Forms::readOptions,
        x -> true,
        options -> {
          Map<String, Object> shown = new LinkedHashMap<>();
          options.forEach((k, v) -> shown.put(k, Secrets.isSecret(k) ? Secrets.MASK : v));
          return shown;
        },
        List.of("{header: true, delimiter: \";\"}", "{}"),
        List.of("header", "[header]", "{header: [true]}", "{header: null}"));
  }

  private static @Nullable Map<String, String> readOptions(Value value, Complaints c) {
    if (!(value instanceof Block block)) {
      return null;
    }
    Map<String, String> options = new LinkedHashMap<>();
    block
        .fields()
        .forEach(
            (name, field) -> {
              // a separator may well be blank
              if (field.value() instanceof Scalar scalar && !scalar.isNull()) {
                options.put(name, scalar.text());
              } else {
                String found = Secrets.isSecret(name) ? Secrets.MASK : field.value().found();
                c.tell(
                    field.value(),
                    "found " + found + " for option " + name + ", a text is allowed there");
              }
            });
    return options;
  }

  static @Nullable String asText(Value value) {
    return value instanceof Scalar scalar && !scalar.isNull() ? scalar.text() : null;
  }

  static @Nullable Double asNumber(Value value) {
    return value instanceof Scalar s && !s.quoted() && NUMBER.matcher(s.text()).matches()
        ? Double.valueOf(s.text())
        : null;
  }

  static @Nullable Long asInteger(Value value) {
    return value instanceof Scalar s && !s.quoted() && INTEGER.matcher(s.text()).matches()
        ? Long.valueOf(s.text())
        : null;
  }

  private static @Nullable Boolean asFlag(Value value) {
    if (!(value instanceof Scalar scalar) || scalar.quoted()) {
      return null;
    }
    return switch (scalar.text()) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> null;
    };
  }

  private static @Nullable Duration asDuration(Value value) {
    String text = asText(value);
    Matcher matcher = text == null ? null : DURATION.matcher(text);
    if (matcher == null || !matcher.matches()) {
      return null;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  private static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** A number as people write it: 1e-4, 0.2, 3. */
  static String plain(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= 1e-3 && size < 1e7) {
      return decimal.toPlainString();
    }
    int exponent = decimal.precision() - decimal.scale() - 1;
    return decimal.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }
}
