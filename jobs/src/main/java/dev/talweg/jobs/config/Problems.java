package dev.talweg.jobs.config;

import dev.talweg.jobs.config.ConfigException.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects problems, so that a user sees all of them at once. */
final class Problems {
  private final List<Problem> problems = new ArrayList<>();

  void add(Origin origin, String path, String message) {
    problems.add(new Problem(origin.source(), origin.line(), origin.column(), path, message));
  }

  int count() {
    return problems.size();
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  /** In the order of the file. */
  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream()
              .sorted(
                  Comparator.comparing((Problem p) -> p.line() == 0)
                      .thenComparingInt(Problem::line)
                      .thenComparingInt(Problem::column))
              .toList());
    }
  }
}
