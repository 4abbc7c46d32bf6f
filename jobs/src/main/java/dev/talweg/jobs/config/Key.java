package dev.talweg.jobs.config;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One key of a configuration: the only place of its name, form, default and meaning. The parser,
 * {@code toYaml}, the documentation and the tests are derived from the list of them.
 *
 * @param path dotted
 * @param byDefault the default as YAML; null where there is none, or where it depends
 * @param defaultText what the documentation says of the default
 * @param presence whether the key must, may, or may as null be written
 * @param beside what else must be written for this key to be allowed, as path=YAML
 */
record Key<T>(
    String path,
    Form<T> form,
    @Nullable String byDefault,
    String defaultText,
    Presence presence,
    Function<RunConfig, @Nullable T> value,
    String meaning,
    List<String> beside) {

  enum Presence {
    /** Must be written. */
    REQUIRED,
    /** Has a value always. */
    DEFAULTED,
    /** null switches it off. */
    NULLABLE,
    /** One of several alternatives: not written again where it is null. */
    ALTERNATIVE
  }

  static <T> Key<T> required(
      String path, Form<T> form, Function<RunConfig, @Nullable T> value, String meaning) {
    return new Key<>(path, form, null, "required", Presence.REQUIRED, value, meaning, List.of());
  }

  static <T> Key<T> of(
      String path,
      Form<T> form,
      String byDefault,
      Function<RunConfig, @Nullable T> value,
      String meaning) {
    return new Key<>(
        path,
        form,
        byDefault,
        "`" + byDefault + "`",
        Presence.DEFAULTED,
        value,
        meaning,
        List.of());
  }

  static <T> Key<T> derived(
      String path,
      Form<T> form,
      String defaultText,
      Function<RunConfig, @Nullable T> value,
      String meaning) {
    return new Key<>(path, form, null, defaultText, Presence.DEFAULTED, value, meaning, List.of());
  }

  static <T> Key<T> optional(
      String path, Form<T> form, Function<RunConfig, @Nullable T> value, String meaning) {
    return new Key<>(path, form, null, "none", Presence.NULLABLE, value, meaning, List.of());
  }

  Key<T> nullable() {
    return new Key<>(path, form, byDefault, defaultText, Presence.NULLABLE, value, meaning, beside);
  }

  Key<T> alternative() {
    return new Key<>(
        path, form, byDefault, defaultText, Presence.ALTERNATIVE, value, meaning, beside);
  }

  Key<T> defaultText(String text) {
    return new Key<>(path, form, byDefault, text, presence, value, meaning, beside);
  }

  Key<T> beside(String... others) {
    return new Key<>(path, form, byDefault, defaultText, presence, value, meaning, List.of(others));
  }

  /** Validates a value in the type that holds it. */
  void require(T found) {
    if (!form.accepts().test(found)) {
      throw new IllegalArgumentException(
          path + ": found " + found + ", " + form.allowed() + " is allowed");
    }
  }

  /** What is written for a configuration, null where it is null. */
  @Nullable Object written(RunConfig config) {
    T present = value.apply(config);
    return present == null ? null : form.writer().apply(present);
  }
}
