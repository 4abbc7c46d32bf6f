package dev.talweg.jobs.config;

import java.util.regex.Pattern;

/** Which values must never be shown. */
public final class Secrets {
  /** What is shown instead. */
  public static final String MASK = "****";

  private static final Pattern NAME =
      Pattern.compile(
          "passw(or)?d|pwd|token|secret|credential|api[._-]?key|access[._-]?key|private[._-]?key",
          Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /** Whether a key's name says that its value is one. */
  public static boolean isSecret(String key) {
    return NAME.matcher(key).find();
  }
}
