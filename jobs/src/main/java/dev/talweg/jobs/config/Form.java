package dev.talweg.jobs.config;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One way to write a value: what is allowed, how it is read, and how it is written again.
 *
 * @param allowed ends the sentence "found X, … is allowed"
 * @param reader null where the value is not of this form, or where it told the problem itself
 * @param accepts whether a value of the right type is in range
 * @param writer to plain text, numbers, lists and maps
 * @param valid YAML texts that are of this form, for documentation and tests
 * @param invalid YAML texts that are not
 */
record Form<T>(
    String allowed,
    Reader<T> reader,
    Predicate<T> accepts,
    Function<T, Object> writer,
    List<String> valid,
    List<String> invalid) {

  /** Reads a value that is not null. */
  @FunctionalInterface
  interface Reader<T> {
    @Nullable T read(Value value, Complaints complaints);
  }

  /** Where a form tells what is wrong with a part of a value, in its own words. */
  static final class Complaints {
    private final Problems problems;
    private final String path;
    private boolean told;

    Complaints(Problems problems, String path) {
      this.problems = problems;
      this.path = path;
    }

    void tell(Value value, String message) {
      problems.add(value.origin(), path, message);
      told = true;
    }

    String path() {
      return path;
    }
  }

  /** The value, or null after a problem was added. */
  @Nullable T read(Value value, String path, Problems problems) {
    Complaints complaints = new Complaints(problems, path);
    T result = value.isNull() ? null : reader.read(value, complaints);
    if (complaints.told) {
      return null;
    }
    if (result == null || !accepts.test(result)) {
      String found = Secrets.isSecret(path) ? Secrets.MASK : value.found();
      complaints.tell(value, "found " + found + ", " + allowed + " is allowed");
      return null;
    }
    return result;
  }

  Form<T> examples(List<String> newValid, List<String> newInvalid) {
    return new Form<>(allowed, reader, accepts, writer, newValid, newInvalid);
  }
}
