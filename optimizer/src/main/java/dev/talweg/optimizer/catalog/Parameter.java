package dev.talweg.optimizer.catalog;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a named thing, as a user writes it.
 *
 * @param name in kebab case
 * @param byDefault the value when it is not written; null makes it required
 * @param allowed what is allowed, for error messages: "a number above 0"
 * @param accepts whether a value of the right kind is allowed
 * @param meaning one sentence, with units
 */
public record Parameter(
    String name,
    Kind kind,
    @Nullable Object byDefault,
    String allowed,
    Predicate<Object> accepts,
    String meaning) {
  /** The same with another default. */
  Parameter withDefault(@Nullable Object value) {
    return new Parameter(name, kind, value, allowed, accepts, meaning);
  }

  /** What a value is: a Double, a Long, a Boolean, a String, or a nested named thing. */
  public enum Kind {
    NUMBER,
    INTEGER,
    FLAG,
    TEXT,
    /** A number (constant) or {@code {kind: …}} of {@link Catalog#schedules()}. */
    SCHEDULE,
    /** {@code [5, 20, 40]}. */
    NUMBERS,
    /** Numbers (constant) and {@code {kind: …}} of {@link Catalog#schedules()}. */
    SCHEDULES,
    /** {@code {global-norm: 1.0}}. */
    CLIP,
    /** {@code [a, "b.*"]}. */
    TEXTS,
    /** {@code [{slices: a, rate-factor: 0.1}]}: a list of {@link SliceGroup}s. */
    GROUPS,
    /** {@code 16}, {@code auto}, or {@code {columns: {user: 32}, others: 8}}. */
    WIDTHS
  }
}
