package dev.talweg.optimizer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FamiliesTest {
  @Test
  void anOptimizerIsInOneFamily() {
    List<String> names = Catalog.optimizers().stream().map(Entry::name).toList();
    assertEquals(names.stream().distinct().toList(), names);
  }

  @Test
  void theFirstChoicesAreOptimizers() {
    List<String> names =
        Stream.concat(Stream.of(Catalog.automatic()), Catalog.optimizers().stream())
            .map(Entry::name)
            .toList();
    assertTrue(names.containsAll(Catalog.firstChoices().keySet()));
    assertEquals(5, Catalog.firstChoices().size());
  }
}
