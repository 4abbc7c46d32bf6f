package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the repository holds, as git lists it. */
class TrackedFilesTest {
  private static final Set<String> TOP =
      Set.of(
          ".ci",
          ".gitattributes",
          ".gitignore",
          ".mvn",
          "CHANGELOG.md",
          "CONTRIBUTING.md",
          "LICENSE",
          "NOTICE",
          "README.md",
          "datasets",
          "docs",
          "jobs",
          "optimizer",
          "pom.xml",
          "scripts");

  private static final Pattern MACHINE =
      Pattern.compile(
          "(?<![\\w.$}{/])/(root|home/[a-z]|work|Users)/|https?://[a-z0-9.-]*(nexus|artifactory|mirror)");

  private static List<String> tracked() throws Exception {
    Process git =
        new ProcessBuilder("git", "ls-files")
            .directory(GeneratedPage.root().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String listed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Assumptions.assumeTrue(git.waitFor() == 0, "git does not list the files: not a clone");
    return listed.lines().toList();
  }

  @Test
  void theTopLevelHasTheAgreedNames() throws Exception {
    Set<String> top = new TreeSet<>();
    tracked().forEach(file -> top.add(file.replaceFirst("/.*", "")));
    top.removeAll(TOP);
    assertEquals(Set.of(), top);
  }

  @Test
  void noFileNamesAPathOfAMachine() throws Exception {
    List<String> found = new ArrayList<>();
    for (String file : tracked()) {
      Path path = GeneratedPage.root().resolve(file);
      if (Files.exists(path)
          && !file.contains("/samples/")
          && !file.endsWith("TrackedFilesTest.java")) {
        int number = 0;
        for (String line : lines(path)) {
          number++;
          if (MACHINE.matcher(line).find()) {
            found.add(file + ":" + number + ": " + line.strip());
          }
        }
      }
    }
    assertEquals(List.of(), found);
  }

  private static List<String> lines(Path path) throws IOException {
    return new String(Files.readAllBytes(path), StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void everySampleSaysWhereItIsFromAndItsLicence() throws IOException {
    try (var samples = Files.list(GeneratedPage.root().resolve("datasets/samples"))) {
      for (Path sample : samples.filter(Files::isDirectory).toList()) {
        String source = Files.readString(sample.resolve("SOURCE.md"));
        assertTrue(source.toLowerCase(Locale.ROOT).contains("licen"), sample.toString());
      }
    }
  }
}
