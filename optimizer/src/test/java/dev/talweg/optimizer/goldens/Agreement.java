package dev.talweg.optimizer.goldens;

import java.util.List;
import java.util.Map;

/**
 * What became of a golden file.
 *
 * @param agreed runs within the tolerance
 * @param off runs that are not, and by how much
 * @param wide why runs agree to more than {@link Tally#MOST} alone, and which
 * @param notCovered why runs are not compared, and which
 * @param rules by library and rule: configurations, and what they agree to
 */
record Agreement(
    String name,
    int configurations,
    int agreed,
    List<String> off,
    Map<String, List<String>> wide,
    Map<String, List<String>> notCovered,
    Map<String, String> rules) {

  int runs() {
    return agreed + off.size() + left();
  }

  /** Runs that are not compared. */
  int left() {
    return notCovered.values().stream().mapToInt(List::size).sum();
  }

  @Override
  public String toString() {
    return name;
  }
}
