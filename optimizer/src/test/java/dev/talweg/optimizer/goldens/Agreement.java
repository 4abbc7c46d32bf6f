package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Configuration.Run;
import dev.talweg.optimizer.goldens.Translation.NotCovered;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a golden file.
 *
 * @param agreed runs within the tolerance
 * @param off runs that are not, and by how much
 * @param notCovered runs that are not compared, and why
 * @param rules by library and rule: configurations, and the largest tolerance that was needed
 */
record Agreement(
    String name,
    int configurations,
    int agreed,
    List<String> off,
    List<String> notCovered,
    Map<String, String> rules) {

  @Override
  public String toString() {
    return name;
  }

  static Agreement of(String name, String text, Problems problems) {
    List<Configuration> configurations = Configuration.read(text);
    int agreed = 0;
    List<String> off = new ArrayList<>();
    List<String> notCovered = new ArrayList<>();
    Map<String, int[]> counts = new TreeMap<>();
    Map<String, Double> tolerances = new TreeMap<>();
    for (Configuration configuration : configurations) {
      String rule = configuration.library() + "/" + configuration.kind();
      boolean counted = false;
      for (Run run : configuration.runs()) {
        String id = "`" + configuration.id() + "` " + run.problem();
        try {
          Replay replay = Dialects.of(configuration, run);
          double excess =
              replay.excess(run, configuration.precision(), problems.named(run.problem()));
          if (excess > 1) {
            off.add(id + ": off by " + String.format(Locale.ROOT, "%.1e", excess) + " tolerances");
          } else {
            agreed++;
            tolerances.merge(rule, Replay.tolerance(run, configuration.precision()), Math::max);
            if (!counted) {
              counts.computeIfAbsent(rule, r -> new int[1])[0]++;
              counted = true;
            }
          }
        } catch (NotCovered why) {
          notCovered.add(id + ": " + why.getMessage());
        }
      }
    }
    Map<String, String> rules = new TreeMap<>();
    counts.forEach(
        (rule, count) ->
            rules.put(
                rule, count[0] + " | " + String.format(Locale.ROOT, "%.0e", tolerances.get(rule))));
    return new Agreement(name, configurations.size(), agreed, off, notCovered, rules);
  }
}
