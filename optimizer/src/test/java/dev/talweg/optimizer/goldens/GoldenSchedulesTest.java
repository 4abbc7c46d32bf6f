package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.goldens.ScheduleValues.Golden;
import dev.talweg.optimizer.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the golden schedules cover; their values are compared by {@link GoldenFilesTest}. */
class GoldenSchedulesTest {
  private static List<Golden> goldens() throws IOException {
    List<Golden> all = new ArrayList<>();
    for (String library : List.of("torch", "keras", "optax")) {
      String text =
          Files.readString(GoldenFilesTest.HERE.resolve("schedules_" + library + ".json"));
      all.addAll(ScheduleValues.read(Json.object(text)));
    }
    return all;
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
