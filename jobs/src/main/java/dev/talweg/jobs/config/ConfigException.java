package dev.talweg.jobs.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration or the command line is wrong: all problems at once, each with its place, what
 * was found and what is allowed. No stack trace is shown.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<Problem> problems;

  /**
   * One problem.
   *
   * @param source a file, or the option of the command line
   * @param line counted from 1, 0 where there is none
   * @param column counted from 1, 0 where there is none
   * @param path the key, dotted; empty for the file as a whole
   * @param message what was found, what is allowed, what to do
   */
  public record Problem(String source, int line, int column, String path, String message) {
    @Override
    public String toString() {
      String place = line == 0 ? source : source + ":" + line;
      boolean named = path.isEmpty() || source.endsWith(" " + path);
      return place + ": " + (named ? "" : path + ": ") + message;
    }
  }

  public ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** A problem of one thing as a whole, such as a file that is missing. */
  public ConfigException(String source, String message) {
    this(List.of(new Problem(source, 0, 0, "", message)));
  }

  public List<Problem> problems() {
    return problems;
  }
}
