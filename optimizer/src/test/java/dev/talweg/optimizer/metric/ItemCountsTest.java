package dev.talweg.optimizer.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.metric.ItemMetrics.OfItems;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the golden files do not say of items in queries. */
class ItemCountsTest {
  private static double measured(String name, ItemCounts... parts) {
    for (int k = 1; k < parts.length; k++) {
      parts[0].merge(parts[k]);
    }
    return parts[0].values().stream()
        .filter(value -> value.metric().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static ItemCounts counts(String... names) {
    List<AskedMetric<OfItems>> metrics =
        List.of(names).stream()
            .map(
                name ->
                    ItemMetrics.all().stream()
                        .flatMap(metric -> metric.asked(name).stream())
                        .findFirst()
                        .orElseThrow())
            .toList();
    return new ItemCounts(metrics);
  }

  @Test
  void aRowWithoutAnItemTakesAPlaceAndIsNoneOfTheCatalogue() {
    ItemCounts counts = counts("item-coverage@2");
    counts.add("q", "a");
    counts.add("q", null);
    counts.add("q", "b");
    assertEquals(0.5, measured("item-coverage@2", counts));
  }

  @Test
  void eachMetricHasItsOwnFirstRowsAndPartsAddUp() {
    ItemCounts one = counts("item-coverage@1", "item-gini@2");
    ItemCounts other = counts("item-coverage@1", "item-gini@2");
    for (String item : List.of("a", "b", "c")) {
      one.add("q", item);
    }
    for (String item : List.of("a", "c", "b")) {
      other.add("r", item);
    }
    assertEquals(1 / 3.0, measured("item-coverage@1", one, other));
    assertEquals(2 / 12.0, measured("item-gini@2", one)); // counts 1, 1, 2: (−2 + 0 + 4)/(3·4)
  }

  @Test
  void whereThereAreNoItemsThereIsNoNumber() {
    assertEquals(Double.NaN, measured("item-coverage@1", counts("item-coverage@1")));
  }
}
