package dev.talweg.jobs.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The name that a misspelt one was probably meant to be. */
final class Nearest {
  private Nearest() {}

  /** Empty where no candidate is near: within a third of its length, at least one edit. */
  static Optional<String> of(String name, Collection<String> candidates) {
    String asked = canonical(name);
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      String known = canonical(candidate);
      int distance = distance(asked, known);
      boolean near = distance <= Math.max(1, Math.max(asked.length(), known.length()) / 3);
      if (near && distance < least) {
        best = candidate;
        least = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** "; did you mean X?", or nothing. */
  static String hint(String name, Collection<String> candidates) {
    return of(name, candidates).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static String canonical(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
  }

  /** Edits between two words: insert, delete, replace, and swap of neighbours (Damerau 1964). */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
