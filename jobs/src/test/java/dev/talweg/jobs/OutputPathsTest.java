package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verbs write below the output that they were given, and nowhere else. */
class OutputPathsTest {
  @TempDir Path dir;
  private String config = "";
  private String data = "";

  @BeforeEach
  void files() throws IOException {
    Path csv = Files.createDirectories(dir.resolve("data")).resolve("credit.csv");
    Files.copy(Path.of(CommandLineRun.sample("german-credit/credit.csv")), csv);
    data = csv.toString();
    Path file = dir.resolve("credit.yaml");
    Files.writeString(
        file,
        """
        data:
          train: %s
          label: {column: default, positive: "yes"}
          validation: {fraction: 0.2}
          bad-rows: quarantine
        model: logistic
        checkpoint: {every: 1}
        output: %s/runs/credit
        """
            .formatted(csv, dir));
    config = file.toString();
  }

  /** What a command has made, changed or removed below the directory, by its first two names. */
  private List<String> touched(String... arguments) throws IOException {
    Map<String, String> before = seen();
    List<String> here = names(Path.of(""));
    CommandLineRun.done(arguments);
    assertEquals(here, names(Path.of("")), "in the working directory");
    Map<String, String> after = seen();
    List<String> touched = new ArrayList<>(before.keySet());
    touched.addAll(after.keySet());
    return touched.stream()
        .filter(path -> !String.valueOf(before.get(path)).equals(String.valueOf(after.get(path))))
        .map(path -> path.replaceFirst("^([^/]+/[^/]+)/.*", "$1"))
        .distinct()
        .sorted()
        .toList();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  /** Size and time of each file. */
  private Map<String, String> seen() throws IOException {
    Map<String, String> seen = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        seen.put(
            dir.relativize(file).toString(),
            Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
    }
    return seen;
  }

  @Test
  void eachVerbWritesItsOutputAlone() throws IOException {
    assertEquals(List.of("runs/credit"), touched("train", config));
    assertFalse(Files.exists(dir.resolve("runs/.credit.talweg")), "the work directory stayed");
    assertEquals(List.of("runs/credit"), touched("train", config, "--overwrite"));
    assertEquals(List.of(), touched("train", config, "--skip-finished"));
    assertEquals(
        List.of("runs/other"),
        touched("train", config, "--output", dir.resolve("runs/other") + ""));
    assertEquals(List.of("runs/credit"), touched("report", dir.resolve("runs/credit") + ""));
    assertEquals(
        List.of("scores/new"),
        touched(
            "predict",
            "--model",
            dir.resolve("runs/credit") + "",
            "--data",
            data,
            "--output",
            dir.resolve("scores/new") + ""));
    assertEquals(
        List.of("runs/credit.find-rate"),
        touched("find-rate", config, "--set", "optimizer=adam", "--set", "batch=64"));
  }

  @Test
  void verbsThatOnlyTellWriteNothing() throws IOException {
    touched("train", config);
    assertEquals(List.of(), touched("check", config));
    assertEquals(List.of(), touched("plan", config));
    assertEquals(List.of(), touched("describe", "--data", data));
    assertEquals(List.of(), touched("list", "models"));
    assertEquals(
        List.of(), touched("evaluate", "--model", dir.resolve("runs/credit") + "", "--data", data));
  }
}
