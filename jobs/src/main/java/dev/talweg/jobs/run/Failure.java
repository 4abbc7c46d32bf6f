package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.jobs.config.ConfigException;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What was thrown, as a user is told of it.
 *
 * @param problems of what the user gave, each with its remedy; empty where nothing the user gave is
 *     to blame
 * @param says one line
 */
public record Failure(Kind kind, List<String> problems, String says) {

  /** Who can do something about it, and what. */
  public enum Kind {
    /** The configuration is wrong. */
    CONFIGURATION,
    /** The data, a path or a model is. */
    DATA,
    /** The run was asked to stop. */
    INTERRUPTED,
    /** There is no room for what is written. */
    DISK,
    /** Anything else: its stack trace tells where. */
    OTHER
  }

  public Failure {
    problems = List.copyOf(problems);
  }

  /** With each text as it may be shown. */
  public Failure shown(UnaryOperator<String> masked) {
    return new Failure(kind, problems.stream().map(masked).toList(), masked.apply(says));
  }

  public static Failure of(Throwable thrown) {
    if (thrown instanceof ConfigException config) {
      List<String> problems =
          config.problems().stream().map(ConfigException.Problem::toString).toList();
      return new Failure(Kind.CONFIGURATION, problems, String.join("\n", problems));
    }
    if (thrown instanceof DataException data) {
      return new Failure(Kind.DATA, data.problems(), String.join("\n", data.problems()));
    }
    return thrown instanceof InterruptedRun
        ? new Failure(Kind.INTERRUPTED, List.of(), String.valueOf(thrown.getMessage()))
        : unexpected(thrown);
  }

  /** The innermost cause says what happened, Spark's wrappers say where. */
  private static Failure unexpected(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (message.matches("(?is).*(no space left|file too large|disk quota).*")) {
      return new Failure(
          Kind.DISK,
          List.of(),
          message.strip() + ": make room, then run the same command with --resume");
    }
    boolean named = cause instanceof IOException || cause instanceof RuntimeException;
    String name = named ? "" : cause.getClass().getSimpleName() + ": ";
    return new Failure(
        Kind.OTHER, List.of(), name + message.lines().findFirst().orElse(message).strip());
  }
}
