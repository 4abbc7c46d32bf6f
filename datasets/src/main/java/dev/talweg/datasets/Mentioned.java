package dev.talweg.datasets;

import java.util.Map;
import java.util.Set;

/**
 * Names and globs that a configuration has beside its features, by the key that has them. One that
 * nothing can have is a problem that is found before a row is read.
 *
 * @param features of columns or features
 * @param levels of columns with levels: with a dictionary, hashed, or crossed
 */
public record Mentioned(Map<String, Set<String>> features, Map<String, Set<String>> levels) {

  /** No names. */
  public static Mentioned none() {
    return new Mentioned(Map.of(), Map.of());
  }
}
