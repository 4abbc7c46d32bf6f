package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Schedules of the catalog give the rates of PyTorch, Keras and optax: goldens/schedules_*.json.
 */
class GoldenSchedulesTest {
  private static final Path HERE = Path.of("src/test/resources/goldens");

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

  static List<Golden> goldens() throws IOException {
    Path directory = Path.of(System.getProperty("talweg.goldens", HERE.toString()));
    List<Golden> all = new ArrayList<>();
    for (String library : List.of("torch", "keras", "optax")) {
      Path path = directory.resolve("schedules_" + library + ".json");
      Map<String, @Nullable Object> file = Json.object(Files.readString(path));
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
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyStepHasTheLibrarysRate(Golden golden) {
    double[] ours = ScheduleDialects.rates(golden);
    double largest = 0;
    for (double value : golden.values) {
      largest = Math.max(largest, value);
    }
    for (int step = 0; step < ours.length; step++) {
      // libraries multiply up step by step, one rounding each, and PyTorch's cosine by quotients of
      // 1 + cos, which lose a digit near 0: 2e-14 of the largest rate
      double error = 2e-14 * largest;
      assertEquals(golden.values[step], ours[step], error, "step " + step);
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void aMomentumThatCyclesHasTheLibrarysValues(Golden golden) {
    double[] ours = ScheduleDialects.momentum(golden);
    for (int step = 0; step < ours.length; step++) {
      assertEquals(golden.momentum[step], ours[step], 1e-14, "step " + step);
    }
    assertTrue(golden.momentum.length == 0 || ours.length > 0, golden.id);
  }

  @Test
  void everyScheduleOfTheCatalogHasAGolden() throws IOException {
    Set<String> seen = new HashSet<>();
    for (Golden golden : goldens()) {
      ScheduleDialects.entries(golden).forEach(seen::add);
    }
    Set<String> names =
        Catalog.schedules().stream()
            .map(Entry::name)
            .collect(Collectors.toCollection(HashSet::new));
    assertEquals(names, seen);
  }

  @Test
  void ratesAreFiniteAndNeverNegativeHoweverLongTheRun() throws IOException {
    for (Golden golden : goldens()) {
      for (Schedule schedule : ScheduleDialects.schedules(golden)) {
        for (long step = 0; step < 1L << 40; step = 3 * step + 1) {
          double rate = schedule.at(step);
          assertTrue(rate >= 0 && rate <= 1, golden + " step " + step + ": " + rate);
        }
      }
    }
  }
}
