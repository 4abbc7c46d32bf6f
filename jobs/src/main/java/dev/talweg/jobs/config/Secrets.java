package dev.talweg.jobs.config;

import java.util.regex.Pattern;

/** Which values must never be shown. */
public final class Secrets {
  /** What is shown instead. */
  public static final String MASK = "*********";

  private static final String NAMES =
      "passw(?:or)?d|pwd|token|secret|credential|api[._-]?key|access[._-]?key|private[._-]?key";

  /** The same names for {@code spark.redaction.regex}; Spark's own default has fewer. */
  public static final String REDACTION = "(?i)" + NAMES;

  private static final Pattern NAME = Pattern.compile(NAMES, Pattern.CASE_INSENSITIVE);

  /** KEY=VALUE, where the value ends at a blank unless it is quoted. */
  private static final Pattern SETTING =
      Pattern.compile(
          "([\\w.-]*(?:" + NAMES + ")[\\w.-]*\\s?=\\s?)(?:\"[^\"]*\"|'[^']*'|[^\\s,;&'\")}]+)",
          Pattern.CASE_INSENSITIVE);

  /** The password of scheme://user:password@host. */
  private static final Pattern AUTHORITY = Pattern.compile("(://[^/@:\\s]+:)[^/@\\s]+(?=@)");

  private Secrets() {}

  /** Whether a key's name says that its value is one. */
  public static boolean isSecret(String key) {
    return NAME.matcher(key).find();
  }

  /** A text, such as a message of a library, without the values that its own words call secret. */
  public static String masked(String text) {
    String settings = SETTING.matcher(text).replaceAll("$1" + MASK);
    return AUTHORITY.matcher(settings).replaceAll("$1" + MASK);
  }
}
