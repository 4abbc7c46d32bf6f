package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.CommandLineRun;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code optimizer: plain-lbfgs} on every kind of model. */
class PlainLbfgsRunTest {
  private static final String FRAME =
      """
      seed: 3
      data: {train: %s, label: %s, keys: [phone]}
      features: {numeric: [amount, age, months_loan_duration], categorical: [housing, job]}
      model: %s
      optimizer: %s
      partitions: 3
      stopping: {max-iterations: %d}
      output: {dir}/%s
      """;

  private static final String DEFAULT = "{column: default, positive: \"yes\"}";

  private static final String NET = "{kind: perceptron, hidden: [5], activation: tanh}";

  @TempDir static Path dir;

  private static String config(
      String label, String model, String optimizer, int most, String output) {
    String german = CommandLineRun.sample("german-credit/credit.csv");
    return FRAME.formatted(german, label, model, optimizer, most, output);
  }

  /**
   * A gradient whose d + 1 entries are 1e-7 at most leaves (d + 1) 1e-14/(2 λ), where the penalty
   * curves all weights by λ = 1e-4 in the coordinates that the method works in. And what the slope
   * of the intercept, 1e-7, takes from all multipliers, so that they are a point of the dual, costs
   * that times a margin, of 10 at most.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "like: scipy",
        "like: sklearn",
        "like: pytorch",
        "like: pytorch, line-search: strong-wolfe",
        "like: optax"
      })
  void itEndsAtTheOptimumWhichIsCertified(String like) {
    String name = like.replaceAll("\\W", "");
    String optimizer =
        "{kind: plain-lbfgs, " + like + ", gradient-tolerance: 1e-7, change-tolerance: 0}";
    RunSummary run = CommandLineRun.train(dir, config(DEFAULT, "logistic", optimizer, 300, name));
    assertEquals("converged", run.status(), run.termination().describe());
    assertTrue(
        String.valueOf(run.termination().criterion()).contains("gradient"),
        run.termination().describe());
    double d = (double) run.features().dimension();
    double gap = Objects.requireNonNull(run.certificate().relativeGap());
    double value = Objects.requireNonNull(run.objective().value());
    assertTrue(gap * value <= (d + 1) * 1e-14 / (2 * 1e-4) + 1e-6, "gap " + gap);
  }

  @Test
  void manyClassesEndAtTheSameOptimum() {
    String optimizer = "{kind: plain-lbfgs, gradient-tolerance: 1e-7, change-tolerance: 0}";
    RunSummary plain =
        CommandLineRun.train(dir, config("purpose", "multinomial", optimizer, 500, "classes"));
    assertEquals("converged", plain.status(), plain.termination().describe());
    RunSummary lbfgs =
        CommandLineRun.train(
            dir,
            config("purpose", "multinomial", "lbfgs", 500, "classes-lbfgs")
                .replace("{max-iterations: 500}", "{gap: 1e-9, max-iterations: 300}"));
    double optimum = Objects.requireNonNull(lbfgs.objective().value());
    double gap = Objects.requireNonNull(plain.certificate().relativeGap());
    assertEquals(
        optimum, Objects.requireNonNull(plain.objective().value()), (gap + 1e-9) * optimum);
    assertTrue(gap <= 1e-5, "gap " + gap); // the same with the intercepts of ten classes
  }

  @Test
  void aNetGoesDownInFullBatchesAndGoesOnWithTheSameBits() {
    String optimizer = "{kind: plain-lbfgs, like: pytorch, line-search: strong-wolfe}";
    RunSummary few = CommandLineRun.train(dir, config(DEFAULT, NET, optimizer, 2, "few"));
    RunSummary whole = CommandLineRun.train(dir, config(DEFAULT, NET, optimizer, 25, "whole"));
    assertEquals(25, whole.iterations(), whole.termination().describe());
    double after = CommandLineRun.metric(whole, "train", "log-loss");
    double before = CommandLineRun.metric(few, "train", "log-loss");
    assertTrue(after < 0.98 * before, String.format(Locale.ROOT, "%f of %f", after, before));
    RunSummary resumed = CutRun.resumed(dir, config(DEFAULT, NET, optimizer, 25, "cut"), 11);
    assertEquals(whole.fingerprint().model(), resumed.fingerprint().model());
  }

  @Test
  void aRunThatWasCutGoesOnWithTheSameBits() {
    String optimizer = "{kind: plain-lbfgs, like: scipy}";
    RunSummary whole =
        CommandLineRun.train(dir, config(DEFAULT, "logistic", optimizer, 200, "uncut"));
    assertTrue(whole.iterations() > 7, whole.termination().describe());
    RunSummary resumed =
        CutRun.resumed(dir, config(DEFAULT, "logistic", optimizer, 200, "cut-linear"), 7);
    assertEquals(whole.fingerprint().model(), resumed.fingerprint().model());
  }
}
