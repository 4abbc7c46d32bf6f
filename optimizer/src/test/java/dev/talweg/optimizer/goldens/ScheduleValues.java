package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Tally.Found;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rates and momenta of schedules, step by step: {@code schedules_*.json}. */
final class ScheduleValues {
  /**
   * Libraries multiply up step by step, one rounding each, and PyTorch's cosine by quotients of 1 +
   * cos, which lose a digit near 0: 2e-14 of the largest rate.
   */
  private static final double TOLERANCE = 2e-14;

  private ScheduleValues() {}

  /** A library's schedule and its values at steps 0, 1, 2, … */
  record Golden(
      String library,
      String id,
      String kind,
      Map<String, @Nullable Object> params,
      double[] values,
      double[] momentum,
      double[] losses) {
    @Override
    public String toString() {
      return library + "/" + id;
    }
  }

  static List<Golden> read(Map<String, @Nullable Object> file) {
    String library = String.valueOf(Json.map(file.get("header")).get("library"));
    List<Golden> all = new ArrayList<>();
    for (Object each : Json.list(file.get("configurations"))) {
      Map<String, @Nullable Object> json = Json.map(each);
      all.add(
          new Golden(
              library,
              String.valueOf(json.get("id")),
              String.valueOf(json.get("schedule")),
              Json.map(json.get("params")),
              Json.numbers(json.get("values")),
              Json.numbers(json.get("momentum")),
              Json.numbers(file.get("losses"))));
    }
    return all;
  }

  static void compare(Map<String, @Nullable Object> file, Path directory, Tally tally) {
    for (Golden golden : read(file)) {
      String rule = golden.library + "/" + golden.kind.replaceAll("\\[.*", "");
      tally.run(rule, golden.toString(), "", () -> rates(golden).and(momenta(golden)));
    }
  }

  private static Found rates(Golden golden) {
    double[] ours = ScheduleDialects.rates(golden);
    double largest = Arrays.stream(golden.values).max().orElse(0);
    return Found.of(Arrays.copyOf(golden.values, ours.length), ours, TOLERANCE, largest);
  }

  private static Found momenta(Golden golden) {
    double[] ours = ScheduleDialects.momentum(golden);
    return Found.of(Arrays.copyOf(golden.momentum, ours.length), ours, TOLERANCE, 1);
  }
}
