package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README shows what the quickstart prints, bit for bit. */
class ReadmeTest {
  @Test
  void theOutcomeInReadmeIsThatOfTheQuickstart(@TempDir Path dir) throws IOException {
    CommandLineRun run =
        CommandLineRun.done(
            "train",
            GeneratedPage.root().resolve("scripts/quickstart.yaml").toString(),
            "--set",
            "data.train=" + CommandLineRun.sample("uci-default/UCI_Credit_Card.csv"),
            "--output",
            dir.resolve("quickstart").toString());
    String readme = Files.readString(GeneratedPage.root().resolve("README.md"));
    List<String> shown =
        run.out().lines().filter(line -> !line.matches("  (report|output) .*")).toList();
    assertEquals(7, shown.size(), run.out());
    shown.forEach(line -> assertTrue(readme.contains(line), "README has no line " + line));
  }
}
