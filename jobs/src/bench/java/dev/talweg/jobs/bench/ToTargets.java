package dev.talweg.jobs.bench;

import dev.talweg.jobs.bench.Side.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Seconds until the objective is within a relative distance of the optimum, stopping in hindsight:
 * a long run before the clock finds the fewest iterations of each side that reach the target, and
 * the timed fits take exactly those. All sides alike.
 *
 * @param sides Talweg first
 * @param targets relative distances, e.g. 1e-4
 * @param most iterations of the long run; a side that does not get there is timed with these
 */
record ToTargets(
    String name, List<Side> sides, Yardstick yardstick, List<Double> targets, int most) {

  /** Whose optimum counts. */
  enum Yardstick {
    /** All minimize the same function: the optimum that the first side certified. */
    SHARED,
    /** Feature spaces differ: each is held against the least that it finds itself. */
    OWN
  }

  /**
   * Iterations that reach a target.
   *
   * @param distance relative, of what they reach; above the target where it is out of reach
   */
  record Plan(Side side, double target, int iterations, double distance, Reference reference) {
    boolean reached() {
      return distance <= target;
    }

    /** What is known before a clock starts, for the line. */
    Map<String, Object> known() {
      Map<String, Object> known = new LinkedHashMap<>();
      known.put("reached", reached());
      known.put("distance", distance);
      known.put("optimum", reference.value());
      if (!Double.isNaN(reference.gap())) {
        known.put("optimum-gap", reference.gap());
      }
      return known;
    }
  }

  /** To these targets alone, unless there are none. */
  ToTargets only(List<Double> chosen) {
    return chosen.isEmpty() ? this : new ToTargets(name, sides, yardstick, chosen, most);
  }

  /** Finds the iterations: minutes, and all of it before a clock starts. */
  List<Plan> plans() {
    List<Plan> plans = new ArrayList<>();
    Reference shared = sides.get(0).reference();
    Turns.say(
        String.format(
            Locale.ROOT, "%s: optimum %.9f, gap %.1e", name, shared.value(), shared.gap()));
    for (Side side : sides) {
      boolean own = yardstick == Yardstick.OWN && side != sides.get(0);
      Reference reference = own ? side.reference() : shared;
      for (double target : targets) {
        Plan plan = plan(side, target, reference, side.history(target, most));
        Turns.say(
            String.format(
                Locale.ROOT,
                "%s: %s needs %d iterations to %s%s",
                name,
                side.name(),
                plan.iterations(),
                text(target),
                plan.reached() ? "" : String.format(Locale.ROOT, " (only %.1e)", plan.distance())));
        plans.add(plan);
      }
    }
    return plans;
  }

  private static Plan plan(Side side, double target, Reference reference, double[] history) {
    int k = 0;
    while (k < history.length - 1 && (k == 0 || distance(history[k], reference) > target)) {
      k++;
    }
    return new Plan(side, target, k, distance(history[k], reference), reference);
  }

  private static double distance(double value, Reference reference) {
    return (value - reference.value()) / Math.abs(reference.value());
  }

  /** Fits that are the same are run once and count for all their targets. */
  Map<String, Map<String, Object>> run(Turns turns) throws IOException {
    Map<Object, Turns.Contender> contenders = new LinkedHashMap<>();
    for (Plan plan : plans()) {
      Object identity =
          List.of(plan.side().name(), plan.side().identity(plan.target(), plan.iterations()));
      Turns.Contender same = contenders.get(identity);
      List<String> reached = new ArrayList<>(same == null ? List.of() : same.targets());
      reached.add(text(plan.target()));
      contenders.put(
          identity,
          new Turns.Contender(
              plan.side().name(),
              reached,
              plan.known(),
              clock -> checked(plan, plan.side().fit(plan.target(), plan.iterations(), clock))));
    }
    return turns.run(name, List.copyOf(contenders.values()));
  }

  private static Side.Fitted checked(Plan plan, Side.Fitted fitted) {
    return new Side.Fitted(
        fitted.found(),
        () -> {
          Map<String, Object> seen = new HashMap<>(fitted.check().examine());
          if (seen.get("objective") instanceof Double objective) {
            seen.put("neutral-distance", distance(objective, plan.reference()));
          }
          return seen;
        });
  }

  static String text(double target) {
    return String.format(Locale.ROOT, "%.0e", target).replace("e-0", "e-");
  }
}
