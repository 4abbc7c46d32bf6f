package dev.talweg.optimizer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingWidthsTest {

  /** Python's {@code min(600, round(1.6 * n**0.56))}. */
  @ParameterizedTest
  @CsvSource({"1, 2", "2, 2", "10, 6", "100, 21", "1000, 77", "24000, 454", "1000000, 600"})
  void anAutomaticWidthIsThatOfFastai(int levels, int width) {
    assertEquals(width, EmbeddingWidths.auto(levels));
  }

  @Test
  void theLastGlobThatMatchesAColumnSaysHowWideItIs() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("user*", 32L);
    columns.put("user-agent", "none");
    columns.put("item", "auto");
    EmbeddingWidths widths =
        EmbeddingWidths.of(Map.of(EmbeddingWidths.COLUMNS, columns, EmbeddingWidths.OTHERS, 8L));
    assertEquals(32, widths.width("user", 10));
    assertEquals(0, widths.width("user-agent", 10));
    assertEquals(6, widths.width("item", 10));
    assertEquals(8, widths.width("city", 10));
    assertEquals(0, EmbeddingWidths.of(null).width("user", 10), "of a model saved before");
  }

  @Test
  void columnsThatAreNotNamedHaveNoneUnlessSaid() {
    EmbeddingWidths widths =
        EmbeddingWidths.of(Map.of(EmbeddingWidths.COLUMNS, Map.of("user", 4.0)));
    assertEquals(4, widths.width("user", 10));
    assertEquals(0, widths.width("item", 10));
    assertFalse(widths.isNone());
    assertTrue(EmbeddingWidths.of("none").isNone());
  }

  @Test
  void whatIsNoWidthIsNotAllowed() {
    for (Object value :
        List.<Object>of(
            0L, -1L, 1.5, "wide", 1L << 20, Map.of(), Map.of("columns", Map.of("a", 0L)))) {
      assertFalse(EmbeddingWidths.isAllowed(value), value.toString());
    }
    for (Object value : List.<Object>of(1L, 16.0, "auto", "none", Map.of("others", "auto"))) {
      assertTrue(EmbeddingWidths.isAllowed(value), value.toString());
    }
  }
}
