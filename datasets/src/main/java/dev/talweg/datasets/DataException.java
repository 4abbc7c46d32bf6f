package dev.talweg.datasets;

import java.util.List;

/**
 * The user's data cannot be used as it is: each problem names file, row, column, value and what to
 * do. No stack trace is shown.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final List<String> problems;

  public DataException(String problem) {
    this(List.of(problem));
  }

  public DataException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
