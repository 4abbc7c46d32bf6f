package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Talweg gives the numbers of the libraries: every configuration of every golden file of a
 * directory, or why it is not compared.
 *
 * <p>{@code -Dtalweg.goldens=DIR} compares the files of another directory of the same form ({@code
 * scripts/check-goldens}); {@code -Dtalweg.docs=write} writes docs/goldens.md.
 */
class GoldenFilesTest {
  static final Path HERE = Path.of("src/test/resources/goldens");
  private static final Path PAGE = Path.of("../docs/goldens.md");
  private static final List<Agreement> FILES = new ArrayList<>();

  private static Path directory() {
    return Path.of(System.getProperty("talweg.goldens", HERE.toString()));
  }

  static List<Agreement> files() throws IOException {
    if (FILES.isEmpty()) {
      FILES.addAll(GoldenFiles.of(directory(), GoldenData.ofEnvironment()));
    }
    return FILES;
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyRunHasTheLibrarysNumbers(Agreement file) {
    assertTrue(file.off().isEmpty(), () -> String.join("\n", file.off()));
  }

  @Test
  void whatIsNotComparedIsOnThePage() throws IOException {
    Files.writeString(Path.of("target/goldens.md"), page(files()), StandardCharsets.UTF_8);
    if (!directory().equals(HERE)) {
      return;
    }
    GoldenData committed = GoldenData.COMMITTED;
    String page =
        page(
            GoldenData.ofEnvironment() == committed
                ? files()
                : GoldenFiles.of(directory(), committed));
    if ("write".equals(System.getProperty("talweg.docs"))) {
      Files.writeString(PAGE, page, StandardCharsets.UTF_8);
    }
    assertEquals(Files.readString(PAGE, StandardCharsets.UTF_8), page);
  }

  @Test
  void aFileOfAnotherKindHasARowThatSaysSo(@TempDir Path other) throws IOException {
    Files.writeString(other.resolve("shapes.json"), "{\"circles\": [1, 2]}");
    Files.writeString(other.resolve("torn.json"), "{\"circles\": [1, ");
    List<Agreement> found = GoldenFiles.of(other, GoldenData.COMMITTED);
    assertEquals(2, found.size());
    for (Agreement file : found) {
      assertEquals(1, file.left(), file.name());
      assertTrue(file.off().isEmpty());
    }
    assertTrue(found.get(0).notCovered().keySet().toString().contains("not known"));
  }

  /** A comparison that can only agree compares nothing: one file of each kind. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "batchnorm_dropout",
        "lbfgs",
        "like_sklearn",
        "losses",
        "metrics",
        "optima",
        "optimizers_golden_fixed_gradients",
        "schedules_torch",
        "updates_lion_pytorch"
      })
  void anotherNumberIsOff(String name, @TempDir Path other) throws IOException {
    String text = Files.readString(HERE.resolve(name + ".json"));
    Matcher thirdDigits = Pattern.compile("(\\d\\.\\d\\d)(\\d)").matcher(text);
    Files.writeString(
        other.resolve(name + ".json"),
        thirdDigits.replaceAll(d -> d.group(1) + (Integer.parseInt(d.group(2)) + 3) % 10));
    Agreement file = GoldenFiles.of(other, GoldenData.COMMITTED).get(0);
    assertTrue(file.agreed() < file.off().size(), () -> file.agreed() + " agree");
  }

  /** Rules of the same numbers, in a directory that has their file alone. */
  @Test
  void aFileWithoutItsProblemsIsOfTheCommittedOnesIfItIsOfTheirSplit(@TempDir Path other)
      throws IOException {
    String text = Files.readString(HERE.resolve("updates_lion_pytorch.json"));
    Files.writeString(other.resolve("a.json"), text);
    Files.writeString(other.resolve("b.json"), text.replace("\"shared\"", "\"another\""));
    List<Agreement> found = GoldenFiles.of(other, GoldenData.COMMITTED);
    assertEquals(12, found.get(0).agreed());
    assertEquals(12, found.get(1).left());
  }

  /** Runs of one reason in one line: the first of many. */
  private static String line(String file, String why, List<String> runs, int most) {
    int named = Math.min(most, runs.size());
    String more = runs.size() > named ? " and " + (runs.size() - named) + " more" : "";
    String those = String.join(", ", runs.subList(0, named)) + more;
    return "- `" + file + "`: " + why + ": " + those + "\n";
  }

  private static String page(List<Agreement> files) {
    StringBuilder page = new StringBuilder();
    page.append("# Agreement with the libraries\n\n");
    page.append("Written by `GoldenFilesTest` from the files of");
    page.append(" `optimizer/src/test/resources/goldens`, which the libraries themselves made");
    page.append(" (`scripts/check-goldens DIR` writes the same of another directory;");
    page.append(" with `TALWEG_DATA` it also compares what is of data sets that are not here).\n");
    page.append("A run agrees when max |Δx|/max(|x|, 1e-8) over its points is at most");
    page.append(" max(1e-12, 1000 × the change that one flipped bit makes in the library),");
    page.append(" and never more than 1e-9, of the points that rounding leaves determined;\n");
    page.append("1e-6 to 1e-5 where the library computes in single precision inside.");
    page.append(" What is added is rounded to the place of where it is added to,\n");
    page.append(
        "so eight ulp, of that precision, of the largest value that a parameter went through");
    page.append(" are allowed too.");
    page.append(" Where gradients are sums of rows, so is eight times what an ulp of their terms");
    page.append(" changes in our own run, up to 1e-8; what comes after a point where that is more");
    page.append(" is not determined.");
    page.append(
        " Every run that agrees to more than 1e-9 alone is named below, with the reason.\n");
    page.append("Optima are as near as our certificate says, and as features in single precision");
    page.append(" allow where the library's are no such numbers.\n");
    page.append("Nets, layers and groups (`nets_torch.json`, `recurrent*_torch.json`,");
    page.append(
        " `embedding_torch.json`, `groups_torch.json`) are in a form of this project, which");
    page.append(" `GoldenNetsTest`, `GoldenRecurrenceTest`, `GoldenEmbeddingTest` and");
    page.append(" `GoldenGroupsTest` read.\n");
    page.append("*Agree to* is the largest difference that was found.\n\n");
    page.append("| file | configurations | runs | agree | off | not compared |\n");
    page.append("|---|---|---|---|---|---|\n");
    for (Agreement file : files) {
      page.append("| `").append(file.name()).append("` | ").append(file.configurations());
      page.append(" | ").append(file.runs());
      page.append(" | ").append(file.agreed()).append(" | ").append(file.off().size());
      page.append(" | ").append(file.left()).append(" |\n");
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
    page.append("\n## To more than 1e-9, and why\n\n");
    for (Agreement file : files) {
      file.wide().forEach((why, runs) -> page.append(line(file.name(), why, runs, runs.size())));
    }
    page.append("\n## Not compared\n\n");
    for (Agreement file : files) {
      file.notCovered().forEach((why, runs) -> page.append(line(file.name(), why, runs, 3)));
    }
    return page.toString();
  }
}
