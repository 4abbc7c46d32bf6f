package dev.talweg.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The table of faults in {@code docs/operations.md}, between two marks, and the lines of {@code
 * docs/operations/faults.jsonl} that it is made of. {@code scripts/test-cluster --write} writes
 * both.
 */
public final class FaultTable {
  static final String BEGIN = "<!-- faults: written by scripts/test-cluster --write -->\n";
  static final String END = "<!-- end of faults -->";

  private FaultTable() {}

  static Path lines() {
    return GeneratedPage.root().resolve("docs/operations/faults.jsonl");
  }

  /** The lines in the repository, none where no run has been put there. */
  static List<String> committed() throws IOException {
    return Files.exists(lines()) ? Files.readAllLines(lines()) : List.of();
  }

  static Path page() {
    return GeneratedPage.root().resolve("docs/operations.md");
  }

  /** Puts the lines of a run of all tests into the repository. */
  public static void write(List<String> found) throws IOException {
    if (!found.isEmpty()) {
      Files.createDirectories(lines().getParent());
      Files.writeString(lines(), String.join("\n", found) + "\n");
    }
    String text = Files.readString(page());
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    Files.writeString(page(), text.substring(0, from) + of(found) + text.substring(to));
  }

  /** The table of these lines. */
  static String of(List<String> found) throws IOException {
    if (found.isEmpty()) {
      return "No run of `scripts/test-cluster --write` has been put here yet.\n";
    }
    StringBuilder text = new StringBuilder();
    text.append("| fault | phase | model's bits | rows lost | attempts | recovered after, s |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (String line : found) {
      JsonNode row = new ObjectMapper().readTree(line);
      double seconds = row.path("seconds").asDouble();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %d | %d | %s |%n",
              row.path("fault").asText(),
              row.path("phase").asText(),
              row.path("bits").asText(),
              row.path("rows-lost").asLong(),
              row.path("attempts").asInt(),
              seconds == 0 ? "–" : String.format(Locale.ROOT, "%.1f", seconds)));
    }
    return text.toString();
  }
}
