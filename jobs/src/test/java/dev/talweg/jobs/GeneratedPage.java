package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A committed page that is generated from code; {@code -Dtalweg.docs=write} writes it anew. */
public final class GeneratedPage {
  private GeneratedPage() {}

  /** Asserts that a page of the repository is this text. */
  public static void assertIs(String page, String expected) throws IOException {
    Path path = root().resolve(page);
    if ("write".equals(System.getProperty("talweg.docs"))) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, expected);
    }
    String actual = Files.exists(path) ? Files.readString(path) : "";
    assertEquals(
        expected,
        actual,
        page
            + " differs from the code; write it anew: mvn -pl jobs -am test -Dtalweg.docs=write -Dtest=*PageTest");
  }

  /** Asserts that a page has this text between two lines, which it has once. */
  public static void assertHas(String page, String from, String until, String expected)
      throws IOException {
    String actual = Files.readString(root().resolve(page));
    int begin = actual.indexOf(from + "\n");
    int end = actual.indexOf(until + "\n", Math.max(0, begin));
    assertTrue(begin >= 0 && end > begin, page + " has no lines " + from + " and " + until);
    String before = actual.substring(0, begin + from.length() + 1);
    assertIs(page, before + expected + actual.substring(end));
  }

  /** The directory of the parent build. */
  static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("optimizer")) && Files.exists(at.resolve("pom.xml"))) {
        return at;
      }
    }
    throw new IllegalStateException("tests run within the repository");
  }
}
