package dev.talweg.optimizer.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.schedule.Schedule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules of the catalog give the numbers of PyTorch and optax: goldens/schedules.csv. */
class ScheduleConformanceTest {
  private record Golden(String library, String kind, String settings, double[] values) {
    @Override
    public String toString() {
      return library;
    }

    Schedule schedule() {
      Map<String, Object> replaced = new LinkedHashMap<>();
      for (String pair : settings.split(" ", -1)) {
        String[] parts = pair.split("=", -1);
        replaced.put(parts[0], Double.valueOf(parts[1]));
      }
      Entry<Schedule> entry =
          Catalog.schedules().stream().filter(e -> e.name().equals(kind)).findFirst().orElseThrow();
      return entry.factory().apply(Settled.with(entry, replaced));
    }
  }

  static List<Golden> goldens() throws IOException {
    try (InputStream in =
        ScheduleConformanceTest.class.getResourceAsStream("/goldens/schedules.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(";", -1))
          .map(
              cells ->
                  new Golden(
                      cells[0],
                      cells[1],
                      cells[2],
                      java.util.Arrays.stream(cells[3].split(" ", -1))
                          .mapToDouble(Double::parseDouble)
                          .toArray()))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyStepHasTheLibrarysRate(Golden golden) {
    Schedule schedule = golden.schedule();
    for (int step = 0; step < golden.values.length; step++) {
      // PyTorch multiplies up, step by step: one rounding each; cosines below 1 to an ulp
      double error = (step + 8) * Math.ulp(0.1);
      assertEquals(golden.values[step], schedule.at(step), error, "step " + step);
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void ratesAreFiniteAndNeverNegativeHoweverLongTheRun(Golden golden) {
    Schedule schedule = golden.schedule();
    for (long step = 0; step < 1L << 40; step = 3 * step + 1) {
      double rate = schedule.at(step);
      assertTrue(rate >= 0 && rate <= 0.1 + Math.ulp(0.1), "step " + step + ": " + rate);
    }
  }

  @Test
  void everyScheduleOfTheCatalogHasAGolden() throws IOException {
    Set<String> names =
        Catalog.schedules().stream()
            .map(Entry::name)
            .collect(Collectors.toCollection(HashSet::new));
    names.remove("constant"); // its golden would be itself
    assertEquals(names, goldens().stream().map(Golden::kind).collect(Collectors.toSet()));
  }
}
