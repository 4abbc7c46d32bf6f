package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real data to the certified optimum, which an independent solver found: goldens/optima.py. */
class OptimaTest {
  private static final String FRAME =
      """
      data: {train: %s, %s}
      model: %s
      penalty: {l1: %s, l2: %s, standardize: numeric}
      stopping: {gap: 1e-10, max-iterations: 200}
      output: {dir}/%s
      """;

  /** Where data is that may not be committed. */
  private static final String DATA = Objects.requireNonNullElse(System.getenv("TALWEG_DATA"), "");

  private static final Map<String, String> SOURCES =
      Map.of(
          "uci-default", CommandLineRun.sample("uci-default/UCI_Credit_Card.csv"),
          "german-credit", CommandLineRun.sample("german-credit/credit.csv"),
          "bank-marketing", CommandLineRun.sample("bank-marketing/bank-additional.csv"),
          "mushrooms", CommandLineRun.sample("mushrooms/mushrooms.libsvm"),
          "a9a", DATA + "/a9a/a9a",
          "phishing", DATA + "/phishing/phishing.txt",
          "kddcup", DATA + "/kddcup99-10pct/kddcup.data_10_percent.gz");

  private static final Map<String, String> READING =
      Map.ofEntries(
          Map.entry("uci-default", "label: default.payment.next.month, ignore: [ID]"),
          Map.entry(
              "uci-default-squared", "label: LIMIT_BAL, ignore: [ID, default.payment.next.month]"),
          Map.entry(
              "uci-default-squared-lasso",
              "label: LIMIT_BAL, ignore: [ID, default.payment.next.month]"),
          Map.entry(
              "uci-default-huber-lasso",
              "label: LIMIT_BAL, ignore: [ID, default.payment.next.month]"),
          Map.entry("german-credit", "label: {column: default, positive: 'yes'}"),
          Map.entry("german-credit-huber", "label: age"),
          Map.entry(
              "bank-marketing", "label: {column: y, positive: 'yes'}, options: {delimiter: ';'}"),
          Map.entry("mushrooms", "label: label"),
          Map.entry("a9a", "label: label, format: libsvm"),
          Map.entry("phishing", "label: label, format: libsvm"),
          Map.entry(
              "kddcup",
              "label: {column: _c41, positive: normal.}, format: csv, options: {header: 'false'}"));

  @TempDir static Path dir;

  static List<JsonNode> optima() throws IOException {
    List<JsonNode> optima = new ArrayList<>();
    for (String file : List.of("/goldens/optima.json", "/goldens/optima_l1.json")) {
      try (InputStream stream = OptimaTest.class.getResourceAsStream(file)) {
        new ObjectMapper().readTree(stream).path("optima").forEach(optima::add);
      }
    }
    return optima;
  }

  /** What is certified is a pass in doubles; a number takes half of the bytes. */
  @Test
  void gradientsAsFloatsReachTheOptimumForHalfOfTheBytes() {
    String frame =
        FRAME.formatted(
                Objects.requireNonNull(SOURCES.get("bank-marketing")),
                READING.get("bank-marketing"),
                "logistic",
                "0",
                "0.01",
                "%s")
            + "partitions: 5\noptimizer: {kind: lbfgs, block: 0}\n";
    RunSummary doubles = CommandLineRun.train(dir, frame.formatted("doubles"));
    RunSummary floats =
        CommandLineRun.train(
            dir, frame.replace("1e-10", "1e-7").formatted("floats") + "wire: float\n");
    assertEquals("converged", floats.status(), floats.termination().describe());
    double optimum = Objects.requireNonNull(doubles.objective().value());
    double measured = Objects.requireNonNull(floats.objective().value());
    double gap = Objects.requireNonNull(floats.certificate().relativeGap());
    // the estimate that stopped it is of a gradient with a rounding of 6e-8, far below its own
    assertTrue(gap <= 2e-7, "certified gap " + gap);
    assertTrue(measured - optimum <= (gap + 1e-13) * optimum, measured + " - " + optimum);
    double before = (double) doubles.bytesReduced() / doubles.passes();
    double after = (double) floats.bytesReduced() / floats.passes();
    // of evaluations all but two numbers are floats; curvatures stay doubles
    assertTrue(after < 0.7 * before && after > 0.5 * before, after + " bytes, not " + before);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optima")
  void aRunReachesTheOptimumOfAnIndependentSolver(JsonNode golden) {
    String name = golden.path("name").asText();
    String data = golden.path("data").asText();
    String loss = golden.path("loss").asText();
    String source = Objects.requireNonNull(SOURCES.get(data));
    Assumptions.assumeTrue(
        Files.exists(Path.of(source)),
        () -> data + " may not be committed: set TALWEG_DATA to a folder that has it");
    String model =
        loss.equals("squared") || loss.equals("huber")
            ? "{kind: linear, loss: "
                + loss
                + (golden.has("delta") ? ", delta: " + golden.path("delta").asText() : "")
                + "}"
            : "{kind: logistic, loss: " + loss + "}";
    String reading = READING.getOrDefault(name, READING.get(data));
    RunSummary run =
        CommandLineRun.train(
            dir,
            FRAME.formatted(
                source,
                reading,
                model,
                golden.path("l1").asText("0"),
                golden.path("l2").asText(),
                name));

    assertEquals(golden.path("rows").asLong(), run.rows().train());
    assertEquals("converged", run.status(), run.termination().describe());
    double optimum = golden.path("objective").asDouble();
    double measured = Objects.requireNonNull(run.objective().value());
    // the run is certified to 1e-10 relative, the golden's own gradient is zero to rounding; where
    // it is of features in doubles that floats do not hold (phishing's thirds), a margin differs by
    // at most 2^-25 Σ|w_j x_j|, and slopes are at most 1: 3e-8 with a sum of 1
    double rounding = golden.path("features").asText().equals("double") ? 3e-8 : 0;
    assertEquals(optimum, measured, 1e-9 * optimum + rounding);
    double gap = Objects.requireNonNull(run.certificate().relativeGap());
    assertTrue(gap <= 1e-10, "certified gap " + gap);
    // a certificate bounds the truth: what is left to the optimum, up to rounding of the sums
    assertTrue(
        measured - optimum <= (gap + 1e-13) * optimum + rounding, measured + " - " + optimum);
    assertTrue(Objects.requireNonNull(run.objective().gradientNorm()) >= 0);
    if (golden.has("selected")) {
      // a weight whose slope is l1 to the gap's precision may be on either side
      long selected = run.features().selected();
      long expected = golden.path("selected").asLong();
      assertTrue(Math.abs(selected - expected) <= 1, selected + " weights, not " + expected);
      assertEquals(run.objective().gradientNorm(), run.objective().kktResidual());
    }
    System.getLogger(OptimaTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            name + ": " + run.iterations() + " steps, " + run.passes() + " passes, gap " + gap);
  }
}
