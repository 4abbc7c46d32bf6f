package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of the catalog give the numbers of the libraries they are named after: every
 * configuration of goldens/updates_*.json, or why it is not compared.
 *
 * <p>{@code -Dtalweg.goldens=DIR} compares the files of another directory of the same form ({@code
 * scripts/check-goldens}); {@code -Dtalweg.docs=write} writes docs/goldens.md.
 */
class GoldenUpdatesTest {
  private static final Path HERE = Path.of("src/test/resources/goldens");
  private static final Path PAGE = Path.of("../docs/goldens.md");

  private static Path directory() {
    return Path.of(System.getProperty("talweg.goldens", HERE.toString()));
  }

  static List<Agreement> files() throws IOException {
    Path directory = directory();
    Problems problems = new Problems(Files.readString(directory.resolve("problems.json")));
    try (var paths = Files.list(directory)) {
      List<Path> updates =
          paths
              .filter(p -> p.getFileName().toString().matches("updates_.*\\.json"))
              .sorted()
              .toList();
      List<Agreement> all = new java.util.ArrayList<>();
      for (Path path : updates) {
        all.add(Agreement.of(path.getFileName().toString(), Files.readString(path), problems));
      }
      return all;
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyRunHasTheLibrarysNumbers(Agreement file) {
    assertTrue(file.off().isEmpty(), () -> String.join("\n", file.off()));
    assertTrue(file.agreed() + file.notCovered().size() > 0, file.name());
  }

  @Test
  void whatIsNotComparedIsOnThePage() throws IOException {
    String page = page(files());
    Files.writeString(Path.of("target/goldens.md"), page, StandardCharsets.UTF_8);
    if (!directory().equals(HERE)) {
      return;
    }
    if ("write".equals(System.getProperty("talweg.docs"))) {
      Files.writeString(PAGE, page, StandardCharsets.UTF_8);
    }
    assertEquals(Files.readString(PAGE, StandardCharsets.UTF_8), page);
  }

  private static String page(List<Agreement> files) {
    StringBuilder page = new StringBuilder();
    page.append("# Agreement with the libraries\n\n");
    page.append("Written by `GoldenUpdatesTest` from the files of");
    page.append(" `optimizer/src/test/resources/goldens`, which the libraries themselves made.\n");
    page.append("A run agrees when max |Δx|/max(|x|, 1e-8) over its points is at most");
    page.append(" max(1e-12, 1000 × the change that one flipped bit makes in the library);\n");
    page.append("1e-6 where the library computes in single precision inside, and at most 1e-7 in");
    page.append(" runs of which rounding leaves only the leading points determined. What is added");
    page.append(" is rounded to the place of where it is added to,\n");
    page.append("so eight ulp of the largest value that a parameter went through are allowed too.");
    page.append("\n\n");
    page.append("| file | configurations | runs | agree | off | not compared |\n");
    page.append("|---|---|---|---|---|---|\n");
    for (Agreement file : files) {
      page.append("| `").append(file.name()).append("` | ").append(file.configurations());
      page.append(" | ").append(file.agreed() + file.off().size() + file.notCovered().size());
      page.append(" | ").append(file.agreed()).append(" | ").append(file.off().size());
      page.append(" | ").append(file.notCovered().size()).append(" |\n");
    }
    page.append("\n## Rules\n\n| library/rule | configurations | agree to |\n|---|---|---|\n");
    for (Agreement file : files) {
      file.rules()
          .forEach(
              (rule, row) ->
                  page.append("| `").append(rule).append("` | ").append(row).append(" |\n"));
    }
    page.append("\n## Off\n\n");
    files.stream()
        .flatMap(file -> file.off().stream())
        .forEach(line -> page.append("- ").append(line).append('\n'));
    page.append("\n## Not compared\n\n");
    for (Agreement file : files) {
      file.notCovered().forEach(line -> page.append("- ").append(line).append('\n'));
    }
    return page.toString();
  }
}
