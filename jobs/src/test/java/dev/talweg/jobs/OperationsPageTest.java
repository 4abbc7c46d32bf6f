package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} says what the lines of {@code docs/operations/faults.jsonl} say. */
class OperationsPageTest {
  private static final Set<String> PHASES = Set.of("reading", "passes", "writing", "all");

  @Test
  void theTableIsWhatWasMeasured() throws IOException {
    List<String> lines = FaultTable.committed();
    if ("write".equals(System.getProperty("talweg.docs"))) {
      FaultTable.write(lines);
    }
    String page = Files.readString(FaultTable.page());
    int from = page.indexOf(FaultTable.BEGIN) + FaultTable.BEGIN.length();
    assertEquals(FaultTable.of(lines), page.substring(from, page.indexOf(FaultTable.END)));
  }

  @Test
  void noFaultLostARowOrABit() throws IOException {
    for (String line : FaultTable.committed()) {
      JsonNode row = new ObjectMapper().readTree(line);
      assertEquals("equal", row.path("bits").asText(), line);
      assertEquals(0, row.path("rows-lost").asLong(-1), line);
      assertTrue(PHASES.contains(row.path("phase").asText()), line);
    }
  }
}
