package dev.talweg.jobs.yarn;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.jobs.FaultTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The rows of docs/operations.md, a line of JSON each, in the order of the tests. */
final class FaultLog {
  private final Path file;

  FaultLog(Path file) {
    this.file = file;
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param lost rows that an undisturbed run has and this one has not
   * @param seconds from the fault to the first step, or output, that was not there before
   */
  void add(String fault, String phase, String bits, long lost, int attempts, double seconds) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("fault", fault);
    line.put("phase", phase);
    line.put("bits", bits);
    line.put("rows-lost", lost);
    line.put("attempts", attempts);
    line.put("seconds", Math.round(10 * seconds) / 10.0);
    try {
      String text = new ObjectMapper().writeValueAsString(line) + "\n";
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Into the repository, where that was asked for and all rows are there. */
  void publish() {
    if (!"write".equals(System.getProperty("talweg.docs"))) {
      return;
    }
    try {
      FaultTable.write(Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
