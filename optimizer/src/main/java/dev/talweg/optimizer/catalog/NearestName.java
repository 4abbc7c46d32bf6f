package dev.talweg.optimizer.catalog;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what a misspelt name was meant to be. */
public final class NearestName {
  private NearestName() {}

  /**
   * The candidate with the fewest edits (insert, delete, replace, swap of neighbours) from {@code
   * name}, if these are at most a third of the longer one's length, and at least one may be; of
   * equals one with the same first letter, which is seldom mistyped, then the first. Case, hyphens
   * and underscores do not count.
   */
  public static Optional<String> of(String name, Collection<String> candidates) {
    String plain = plain(name);
    int least = Integer.MAX_VALUE;
    Optional<String> nearest = Optional.empty();
    for (String candidate : candidates) {
      String known = plain(candidate);
      int distance = distance(plain, known);
      int cost = 2 * distance + (plain.regionMatches(0, known, 0, 1) ? 0 : 1);
      if (distance <= Math.max(1, Math.max(plain.length(), known.length()) / 3) && cost < least) {
        least = cost;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  /** "; did you mean X?", or nothing. */
  public static String hint(String name, Collection<String> candidates) {
    return of(name, candidates).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /** Optimal string alignment (Damerau 1964), row by row. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
