package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.catalog.Parameter.Kind;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.List;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** The kinds of parameters that rules and schedules have. */
final class Parameters {
  private Parameters() {}

  static Parameter number(
      String name,
      @Nullable Double byDefault,
      String allowed,
      DoublePredicate accepts,
      String meaning) {
    return new Parameter(
        name,
        Kind.NUMBER,
        byDefault,
        allowed,
        value ->
            value instanceof Number number
                && Double.isFinite(number.doubleValue())
                && accepts.test(number.doubleValue()),
        meaning);
  }

  static Parameter aboveZero(String name, @Nullable Double byDefault, String meaning) {
    return number(name, byDefault, "a number above 0", value -> value > 0, meaning);
  }

  static Parameter notNegative(String name, @Nullable Double byDefault, String meaning) {
    return number(name, byDefault, "a number of at least 0", value -> value >= 0, meaning);
  }

  /** The width of a smoothed kink. */
  static Parameter smoothing(String units) {
    return notNegative(
        "smoothing",
        0.1,
        "Width over which each kink is rounded, in "
            + units
            + "; 0 leaves the kinks as they are, which the optimizer cocoa minimizes.");
  }

  static Parameter share(String name, double byDefault, String meaning) {
    return number(
        name,
        byDefault,
        "a number of at least 0 and below 1",
        value -> value >= 0 && value < 1,
        meaning);
  }

  static Parameter upToOne(String name, double byDefault, String meaning) {
    return number(
        name, byDefault, "a number from 0 to 1", value -> value >= 0 && value <= 1, meaning);
  }

  static Parameter integer(String name, @Nullable Integer byDefault, long least, String meaning) {
    return new Parameter(
        name,
        Kind.INTEGER,
        byDefault == null ? null : (Object) byDefault.longValue(),
        "a whole number of at least " + least,
        value ->
            value instanceof Number number
                && number.longValue() == number.doubleValue()
                && number.longValue() >= least
                && number.longValue() <= Integer.MAX_VALUE,
        meaning);
  }

  static Parameter flag(String name, Boolean byDefault, String meaning) {
    return new Parameter(
        name, Kind.FLAG, byDefault, "true or false", value -> value instanceof Boolean, meaning);
  }

  static Parameter choice(String name, String byDefault, List<String> names, String meaning) {
    return new Parameter(
        name,
        Kind.TEXT,
        byDefault,
        "one of " + String.join(", ", names),
        value -> value instanceof String text && names.contains(text),
        meaning);
  }

  /** A number, or a schedule whose largest one is such a number, as far as that is known. */
  static Parameter schedule(
      String name, double byDefault, DoublePredicate accepts, String allowed, String meaning) {
    return new Parameter(
        name,
        Kind.SCHEDULE,
        byDefault,
        allowed,
        value -> {
          if (value instanceof Schedule schedule) {
            return schedule.most() == Double.POSITIVE_INFINITY || accepts.test(schedule.most());
          }
          return value instanceof Number number
              && Double.isFinite(number.doubleValue())
              && accepts.test(number.doubleValue());
        },
        meaning);
  }

  /** A share, or a schedule of one. */
  static Parameter shareOrSchedule(String name, double byDefault, String meaning) {
    return schedule(
        name,
        byDefault,
        value -> value >= 0 && value < 1,
        "a number of at least 0 and below 1, or a schedule of such numbers",
        meaning);
  }

  /** A list of numbers. */
  static Parameter numbers(String name, String meaning) {
    return numbers(
        name,
        null,
        "a list of numbers of at least 0",
        value -> value >= 0 && Double.isFinite(value),
        meaning);
  }

  /** A list of shares. */
  static Parameter shares(String name, List<Double> byDefault, String meaning) {
    return numbers(
        name,
        byDefault,
        "a list of numbers of at least 0 and below 1",
        value -> value >= 0 && value < 1,
        meaning);
  }

  private static Parameter numbers(
      String name,
      @Nullable List<Double> byDefault,
      String allowed,
      DoublePredicate accepts,
      String meaning) {
    return new Parameter(
        name,
        Kind.NUMBERS,
        byDefault,
        allowed,
        value ->
            value instanceof List<?> list
                && !list.isEmpty()
                && list.stream()
                    .allMatch(
                        each ->
                            each instanceof Number number && accepts.test(number.doubleValue())),
        meaning);
  }

  /** A list of whole numbers of at least 1. */
  static Parameter wholes(String name, List<Double> byDefault, String meaning) {
    return new Parameter(
        name,
        Kind.NUMBERS,
        byDefault,
        "a list of whole numbers of at least 1",
        value ->
            value instanceof List<?> list
                && list.stream()
                    .allMatch(
                        each ->
                            each instanceof Number number
                                && number.longValue() == number.doubleValue()
                                && number.longValue() >= 1
                                && number.longValue() <= 1 << 20),
        meaning);
  }

  /** A list of schedules. */
  static Parameter schedules(String name, String meaning) {
    return new Parameter(
        name,
        Kind.SCHEDULES,
        null,
        "a list of schedules or numbers",
        value -> value instanceof List<?> list && !list.isEmpty(),
        meaning);
  }

  /** A list of texts, none unless written. */
  static Parameter texts(String name, String meaning) {
    return new Parameter(
        name,
        Kind.TEXTS,
        List.of(),
        "a list of texts",
        value ->
            value instanceof List<?> list
                && list.stream().allMatch(each -> each instanceof String text && !text.isBlank()),
        meaning);
  }

  /** Widths of embeddings, none unless written. */
  static Parameter widths(String name, String meaning) {
    return new Parameter(
        name,
        Kind.WIDTHS,
        EmbeddingWidths.NONE,
        EmbeddingWidths.ALLOWED + ", or {columns: {NAME: width}, others: width}",
        EmbeddingWidths::isAllowed,
        meaning);
  }

  /** Groups of slices, none unless written. */
  static Parameter groups(String name, String meaning) {
    return new Parameter(
        name,
        Kind.GROUPS,
        List.of(),
        "a list of blocks with slices, rate-factor and parameters of the rule",
        value -> value instanceof List<?>,
        meaning);
  }
}
