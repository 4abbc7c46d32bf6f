package dev.talweg.optimizer.goldens;

import java.util.List;
import java.util.Map;

/**
 * What became of a golden file.
 *
 * @param agreed runs within the tolerance
 * @param off runs that are not, and by how much
 * @param notCovered runs that are not compared, and why
 * @param rules by library and rule: configurations, and what they agree to
 */
record Agreement(
    String name,
    int configurations,
    int agreed,
    List<String> off,
    List<String> notCovered,
    Map<String, String> rules) {

  int runs() {
    return agreed + off.size() + notCovered.size();
  }

  @Override
  public String toString() {
    return name;
  }
}
