package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.CommandLineRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Both of the product's ways on real input: mini-batches reach the validation loss of the certified
 * optimum, to one per cent, within the epochs stated here.
 */
class MiniBatchTest {
  private static final String DATA = Objects.requireNonNullElse(System.getenv("TALWEG_DATA"), "");

  private static final Map<String, String> SETS =
      Map.of(
          "uci-default",
              "train: "
                  + CommandLineRun.sample("uci-default/UCI_Credit_Card.csv")
                  + ", label: default.payment.next.month, ignore: [ID]",
          "german-credit",
              "train: "
                  + CommandLineRun.sample("german-credit/credit.csv")
                  + ", label: {column: default, positive: 'yes'}",
          "bank-marketing",
              "train: "
                  + CommandLineRun.sample("bank-marketing/bank-additional.csv")
                  + ", label: {column: y, positive: 'yes'}, options: {delimiter: ';'}",
          "a9a", "train: " + DATA + "/a9a/a9a, label: label, format: libsvm",
          "phishing", "train: " + DATA + "/phishing/phishing.txt, label: label, format: libsvm",
          "kddcup",
              "train: "
                  + DATA
                  + "/kddcup99-10pct/kddcup.data_10_percent.gz, label: {column: _c41, positive:"
                  + " normal.}, format: csv, options: {header: 'false'}");

  private static final Map<String, RunSummary> OPTIMA = new HashMap<>();

  @TempDir static Path dir;

  private static RunSummary optimum(String set) {
    return OPTIMA.computeIfAbsent(set, s -> train(s, "lbfgs", "stopping: {gap: 1e-6}"));
  }

  private static RunSummary train(String set, String name, String more) {
    return CommandLineRun.train(
        dir,
        """
        seed: 5
        data: {%s, validation: {fraction: 0.2}}
        model: logistic
        penalty: {l2: 1e-4}
        %s
        output: {dir}/%s
        """
            .formatted(SETS.get(set), more, set + "-" + name));
  }

  @ParameterizedTest(name = "{0}, {1}: {4} epochs")
  @CsvSource({
    "uci-default, adam, 1e-2, 512, 5",
    "uci-default, momentum, 2e-2, 512, 5",
    "german-credit, adam, 2e-2, 64, 30",
    "german-credit, momentum, 5e-2, 64, 30",
    "bank-marketing, adam, 2e-2, 128, 20",
    "bank-marketing, momentum, 5e-2, 128, 20",
    "a9a, adam, 2e-2, 512, 10",
    "a9a, momentum, 0.2, 512, 10",
    "phishing, adam, 0.1, 256, 60",
    "phishing, momentum, 3, 256, 60",
    "kddcup, adam, 0.1, 8192, 40",
    "kddcup, momentum, 2, 8192, 40",
  })
  void reachesTheValidationLossOfTheOptimum(
      String set, String optimizer, String rate, int batch, int epochs) {
    String file = String.valueOf(SETS.get(set)).replaceAll("train: ([^,]+),.*", "$1");
    Assumptions.assumeTrue(
        Files.exists(Path.of(file)),
        () -> set + " may not be committed: set TALWEG_DATA to a folder that has it");
    RunSummary best = optimum(set);
    long steps = epochs * ((best.rows().train() + batch - 1) / batch);
    RunSummary run =
        train(
            set,
            optimizer,
            "optimizer: {kind: %s, learning-rate: {kind: cosine, start: %s, steps: %d}}\nbatch: %d\nepochs: %d"
                .formatted(optimizer, rate, steps, batch, epochs));
    assertEquals(steps, run.iterations());
    double expected = CommandLineRun.metric(best, "validation", "log-loss");
    double found = CommandLineRun.metric(run, "validation", "log-loss");
    System.getLogger("MiniBatchTest")
        .log(
            System.Logger.Level.INFO,
            "| {0} | {1} | {2} | {3} | {4} | {5} |",
            set,
            optimizer,
            batch,
            epochs,
            Double.toString(found),
            Double.toString(found / expected));
    assertTrue(found <= 1.01 * expected, found + " against " + expected + " of L-BFGS");
  }
}
