package dev.talweg.jobs.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.CommandLineRun;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as it is, and as a real browser shows it. */
class ReportTest {
  private static final String HOSTILE = "</script><img src=x onerror=alert(1)>&amp;";

  @TempDir static Path dir;

  @BeforeAll
  static void trainTwoRuns() {
    String config =
        """
        name: "%s"
        data:
          train: %s
          label: {column: default, positive: "yes"}
          validation: {fraction: 0.2}
          test: {fraction: 0.1}
        model: logistic
        penalty: {l2: %s}
        %s
        output: {dir}/%s
        """;
    String data = CommandLineRun.sample("german-credit/credit.csv");
    String adam = "optimizer: {kind: adam, learning-rate: 1e-2}\nbatch: 100\nepochs: 4";
    CommandLineRun.train(dir, config.formatted(HOSTILE, data, "1e-3", "seed: 2", "one"));
    CommandLineRun.train(dir, config.formatted("two", data, "1e-1", adam, "two"));
    String few = "features: {numeric: [amount, age]}";
    CommandLineRun.train(dir, config.formatted("free", data, "0", few, "free"));
  }

  private static String page(String run) throws IOException {
    return Files.readString(dir.resolve(run).resolve("report.html"));
  }

  @Test
  void thePageNeedsNoNetwork() throws IOException {
    String page = page("one");
    Pattern loads = Pattern.compile("<[a-z]+[^>]*\\s(src|href)=|@import|url\\(|fetch\\(|XMLHttp");
    Matcher matcher = loads.matcher(page);
    assertFalse(matcher.find(), () -> "the page loads something: " + matcher.group());
  }

  @Test
  void namesFromDataStayText() throws IOException {
    String page = page("one");
    assertFalse(page.contains("<img"), "a name became an element");
    // uPlot, the data and our script: no name ended a script element before its time
    assertEquals(3, page.split("</script>", -1).length - 1);
  }

  @Test
  void aRealBrowserDrawsEveryChart() throws Exception {
    String dom = browsed(dir.resolve("one/report.html"));
    assertEquals("[]", attribute(dom, "data-errors").replace("&quot;", "\""));
    assertEquals("1", attribute(dom, "data-ready"));
    // objective, gap, gradient, validation, step length; ROC, precision-recall, calibration
    assertEquals("8", attribute(dom, "data-charts"));
    assertTrue(dom.contains("Certificate of optimality"), dom);
    assertFalse(dom.contains("<img"), "a name became an element");
  }

  @Test
  void whatIsKnownOfTheOptimumIsCalledWhatItIs() throws Exception {
    String certified = browsed(dir.resolve("one/report.html"));
    assertTrue(certified.contains("<td class=\"text\">certified relative gap</td>"), certified);
    assertTrue(certified.contains("<td class=\"text\">estimated relative gap</td>"), certified);
    assertFalse(certified.contains("KKT residual</td>"), "a gap is certified");
    String free = browsed(dir.resolve("free/report.html"));
    assertTrue(free.contains("There is none: without a penalty on every weight"), free);
    assertTrue(free.contains("<span>KKT residual; no gap is certified</span>"), free);
    assertTrue(free.contains("<td class=\"text\">KKT residual</td>"), free);
    assertTrue(free.contains("<td class=\"text\">estimated relative gap</td>"), free);
  }

  @Test
  void theDirectoryShowsThePageThatTheRunWrote() throws IOException {
    for (String run : List.of("one", "two")) {
      String written = page(run);
      CommandLineRun.done("report", dir.resolve(run).toString());
      assertEquals(written, page(run));
    }
  }

  @Test
  void severalRunsAreShownSideBySide() throws Exception {
    Path page = dir.resolve("both.html");
    CommandLineRun.done("report", dir + "/one", dir + "/two", "--output", page.toString());
    String dom = browsed(page);
    assertEquals("[]", attribute(dom, "data-errors"));
    assertTrue(dom.contains("2 runs side by side"), dom);
    assertTrue(dom.contains("penalty.l2"), "configurations differ in the penalty");
  }

  @Test
  void aRunWithoutItsTablesIsShownWithoutThem() throws Exception {
    Path bare = dir.resolve("bare");
    Files.createDirectories(bare);
    Files.copy(dir.resolve("two/run.json"), bare.resolve("run.json"));
    CommandLineRun.done("report", bare.toString());
    String dom = browsed(bare.resolve("report.html"));
    assertEquals("[]", attribute(dom, "data-errors"));
    assertTrue(dom.contains("Not in this directory"), dom);
  }

  @Test
  void aDirectoryThatIsNoRunIsNamed() {
    CommandLineRun run = CommandLineRun.of("report", dir + "/none", dir + "/one");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("none: no run.json there"), run.err());
  }

  private static String attribute(String dom, String name) {
    Matcher matcher = Pattern.compile(name + "=\"([^\"]*)\"").matcher(dom);
    assertTrue(matcher.find(), "no " + name + " in the page: the script did not run");
    return matcher.group(1);
  }

  /** The page's elements after its scripts have run. */
  private static String browsed(Path page) throws Exception {
    Optional<Path> browser = browser();
    Assumptions.assumeTrue(
        browser.isPresent(),
        "no chromium on PATH (or in TALWEG_CHROMIUM): the page was not opened");
    Path out = Files.createTempFile(dir, "dom", ".html");
    Process process =
        new ProcessBuilder(
                browser.get().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + Files.createTempDirectory(dir, "browser"),
                "--window-size=1200,3000",
                "--virtual-time-budget=5000",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, process.waitFor(), "the browser failed");
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  private static Optional<Path> browser() {
    String named = Objects.requireNonNullElse(System.getenv("TALWEG_CHROMIUM"), "");
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named));
    }
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name -> Stream.of(path.split(File.pathSeparator, -1)).map(d -> Path.of(d, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
