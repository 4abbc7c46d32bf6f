package dev.talweg.optimizer.goldens;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts what agrees while the runs of a file are compared. */
final class Tally {
  /** Nothing is off by more without a reason. */
  static final double MOST = 1e-9;

  private final Map<String, Set<String>> agreeing = new TreeMap<>();
  private final Map<String, Double> differences = new TreeMap<>();
  private final List<String> off = new ArrayList<>();
  private final Map<String, List<String>> wide = new LinkedHashMap<>();
  private final Map<String, List<String>> notCovered = new LinkedHashMap<>();
  private final Set<String> configurations = new LinkedHashSet<>();
  private int agreed;

  /**
   * How far a run is off.
   *
   * @param excess in multiples of what is allowed
   * @param difference relative
   * @param why it may be more than {@link #MOST}; empty where it may not
   */
  record Found(double excess, double difference, String why) {
    /** Nothing compared yet. */
    static final Found NONE = new Found(0, 0);

    Found(double excess, double difference) {
      this(excess, difference, "");
    }

    Found and(Found other) {
      return new Found(
          Math.max(excess, other.excess),
          Math.max(difference, other.difference),
          why.isEmpty() ? other.why : why);
    }

    /** The same, which may be far off for a reason. */
    Found because(String reason) {
      return new Found(excess, difference, reason);
    }

    /** Of two numbers that may differ by so much, at a scale of at least {@code least}. */
    static Found of(double expected, double actual, double allowed, double least) {
      if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
        return NONE;
      }
      double scale = Math.max(Math.abs(expected), least);
      double difference = Math.abs(expected - actual) / scale;
      return Double.isNaN(difference)
          ? new Found(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY)
          : new Found(difference / allowed, difference);
    }

    static Found of(double[] expected, double[] actual, double allowed, double least) {
      Found all =
          expected.length == actual.length
              ? NONE
              : new Found(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
      for (int k = 0; k < Math.min(expected.length, actual.length); k++) {
        all = all.and(of(expected[k], actual[k], allowed, least));
      }
      return all;
    }
  }

  /** Something that is compared, or throws why not. */
  interface Comparison {
    Found compare();
  }

  /**
   * Compares a run.
   *
   * @param rule its line in the table of rules
   * @param configuration what it is counted with
   * @param run which one of the configuration's; empty where it has one only
   */
  void run(String rule, String configuration, String run, Comparison comparison) {
    configurations.add(configuration);
    String id = "`" + configuration + "`" + (run.isEmpty() ? "" : " " + run);
    try {
      Found found = comparison.compare();
      boolean isWide = found.difference() > MOST;
      if (found.excess() > 1 || (isWide && found.why().isEmpty())) {
        off.add(
            id
                + String.format(
                    Locale.ROOT,
                    ": off by %.1e, %.1e tolerances",
                    found.difference(),
                    found.excess()));
        return;
      }
      if (isWide) {
        String off = String.format(Locale.ROOT, " (%.0e)", found.difference());
        wide.computeIfAbsent(found.why(), w -> new ArrayList<>()).add(id + off);
      }
      agreed++;
      agreeing.computeIfAbsent(rule, r -> new LinkedHashSet<>()).add(configuration);
      differences.merge(rule, found.difference(), Math::max);
    } catch (NotCovered why) {
      notCovered.computeIfAbsent(why.getMessage(), w -> new ArrayList<>()).add(id);
    } catch (RuntimeException failure) {
      off.add(id + ": " + failure);
    }
  }

  /** Names something that is not compared. */
  void not(String configuration, String why) {
    run(
        "",
        configuration,
        "",
        () -> {
          throw new NotCovered(why);
        });
  }

  Agreement agreement(String name) {
    Map<String, String> rules = new TreeMap<>();
    agreeing.forEach(
        (rule, those) ->
            rules.put(
                rule,
                those.size()
                    + String.format(
                        Locale.ROOT,
                        " | %.0e",
                        Math.max(1e-15, differences.getOrDefault(rule, 0.0)))));
    return new Agreement(name, configurations.size(), agreed, off, wide, notCovered, rules);
  }
}
