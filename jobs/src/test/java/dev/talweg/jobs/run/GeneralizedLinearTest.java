package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts, amounts, quantiles and margins, with and without offsets, from files to predictions. */
class GeneralizedLinearTest {
  @TempDir static Path dir;

  /** uci-default with its limits in hundreds of thousands, as the certified optima have them. */
  @BeforeAll
  static void write() throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of(CommandLineRun.sample("uci-default/UCI_Credit_Card.csv")));
    List<String> written = new ArrayList<>(List.of(lines.get(0)));
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", 3);
      written.add(cells[0] + "," + Double.parseDouble(cells[1]) / 1e5 + "," + cells[2]);
    }
    Files.write(dir.resolve("uci.csv"), written);
    Files.writeString(dir.resolve("claims.csv"), claims());
  }

  /** Certified by the solver of optima_small.csv (goldens: uci-default:regression, uci-default). */
  @ParameterizedTest
  @CsvSource({
    "poisson, LIMIT_BAL, default.payment.next.month, 0.01, 0.6477201938732595",
    "gamma, LIMIT_BAL, default.payment.next.month, 0.01, 1.4060072593958872",
    "tweedie, LIMIT_BAL, default.payment.next.month, 0.01, 5.044768309007954",
    "'{kind: svm, loss: squared-hinge}', default.payment.next.month, '', 0.001, 0.6017857953021326"
  })
  void aRunReachesTheOptimumOfAnIndependentSolver(
      String model, String label, String ignored, String l2, double optimum) {
    RunSummary run = trained(model, label, ignored, l2, "1e-10");
    double measured = Objects.requireNonNull(run.objective().value());
    double gap = Objects.requireNonNull(run.certificate().relativeGap());
    assertEquals("converged", run.status(), run.termination().describe());
    // the run is certified to 1e-10 relative, the golden to 2e-14
    assertEquals(optimum, measured, 1e-9 * optimum);
    assertTrue(gap <= 1e-10 && gap >= -1e-12, "certified gap " + gap);
  }

  /** The same certified optima as below, of losses that are not smoothed. */
  @ParameterizedTest
  @CsvSource({
    "'{kind: quantile, smoothing: 0}', LIMIT_BAL, default.payment.next.month, 0.01,"
        + " 0.3881099234646737",
    "'{kind: quantile, quantile: 0.9, smoothing: 0}', LIMIT_BAL, default.payment.next.month,"
        + " 0.01, 0.22280586945245162",
    "'{kind: svm, loss: hinge, smoothing: 0}', default.payment.next.month, '', 0.001,"
        + " 0.4357822097196937"
  })
  void aKinkThatIsNotSmoothedIsMinimizedAndCertified(
      String model, String label, String ignored, String l2, double optimum) {
    RunSummary run = trained(model, label, ignored, l2, "1e-4", "partitions: 1");
    double measured = Objects.requireNonNull(run.objective().value());
    double gap = Objects.requireNonNull(run.certificate().relativeGap());
    assertEquals("converged", run.status(), run.termination().describe());
    assertTrue(gap <= 1e-4 && gap >= 0, "certified gap " + gap);
    // above the optimum by rounding at least, and by what is certified at most
    assertTrue(measured >= optimum * (1 - 1e-12), measured + " < " + optimum);
    assertTrue(measured - optimum <= gap * measured, measured + " > " + optimum);
    assertTrue(
        Objects.requireNonNull(run.certificate().dual()) <= optimum * (1 + 1e-12),
        "dual above the optimum");
  }

  /** Certified exact optima, and how far below them a smoothed loss may end. */
  @ParameterizedTest
  @CsvSource({
    "'{kind: quantile, smoothing: 0.1}', LIMIT_BAL, default.payment.next.month, 0.01,"
        + " 0.3881099234646737, 0.0125",
    "'{kind: quantile, quantile: 0.9, smoothing: 0.1}', LIMIT_BAL, default.payment.next.month,"
        + " 0.01, 0.22280586945245162, 0.0405",
    "'{kind: svm, loss: hinge, smoothing: 0.01}', default.payment.next.month, '', 0.001,"
        + " 0.4357822097196937, 0.005"
  })
  void aSmoothedRunEndsWithinItsBiasBelowTheExactOptimum(
      String model, String label, String ignored, String l2, double optimum, double bias) {
    RunSummary run = trained(model, label, ignored, l2, "1e-6");
    double measured = Objects.requireNonNull(run.objective().value());
    assertEquals("converged", run.status(), run.termination().describe());
    // the smoothed minimum lies in [optimum - bias, optimum]; the run is certified to 1e-6 above it
    assertTrue(measured <= optimum * (1 + 1e-6), measured + " > " + optimum);
    assertTrue(measured >= optimum - bias, measured + " < " + optimum + " - " + bias);
  }

  private static RunSummary trained(
      String model, String label, String ignored, String l2, String gap) {
    return trained(model, label, ignored, l2, gap, "");
  }

  private static RunSummary trained(
      String model, String label, String ignored, String l2, String gap, String more) {
    return CommandLineRun.train(
        dir,
        """
        data: {train: {dir}/uci.csv, label: %s, ignore: [%s]}
        model: %s
        penalty: {l2: %s}
        stopping: {gap: %s, max-iterations: 300}
        output: {dir}/trained-%s
        %s
        """
            .formatted(
                label,
                ignored.isEmpty() ? "ID" : "ID, " + ignored,
                model,
                l2,
                gap,
                Integer.toHexString((model + label).hashCode()),
                more));
  }

  /** Policies with a count of claims that is proportional to their years. */
  private static String claims() {
    StringBuilder text = new StringBuilder("policy,age,years,log_years,claims\n");
    for (int i = 0; i < 300; i++) {
      double exposure = 0.25 + i % 8;
      long claims = Math.round(exposure * (i % 3 == 0 ? 2 : 1) * (1 + i % 5) / 4.0);
      text.append(i).append(',').append(20 + i % 3).append(',').append(exposure).append(',');
      text.append(StrictMath.log(exposure)).append(',').append(claims).append('\n');
    }
    return text.toString();
  }

  private static RunSummary claims(String data, String model, String output) {
    return CommandLineRun.train(
        dir,
        """
        data: {train: {dir}/claims.csv, label: claims, keys: [policy], %s}
        features: {numeric: [age]}
        model: %s
        stopping: {gap: 1e-10}
        output: {dir}/%s
        """
            .formatted(data, model, output));
  }

  private static Map<Integer, Double> values(String model, String data, String output) {
    CommandLineRun.predict(dir, model, data, output);
    Map<Integer, Double> values = new HashMap<>();
    for (Row row :
        LocalSpark.session()
            .read()
            .parquet(dir + "/" + output)
            .select("policy", "value")
            .collectAsList()) {
      values.put(row.getInt(0), row.isNullAt(1) ? Double.NaN : row.getDouble(1));
    }
    return values;
  }

  @Test
  void anExposureIsTheOffsetOfItsLogarithmAndPredictionsAreProportionalToIt() throws IOException {
    RunSummary exposed = claims("exposure: years", "poisson", "exposed");
    RunSummary shifted = claims("offset: log_years", "poisson", "shifted");
    assertEquals(
        Objects.requireNonNull(shifted.objective().value()),
        Objects.requireNonNull(exposed.objective().value()),
        1e-15); // the logarithms are the same doubles, read from text
    assertTrue(Files.readString(dir.resolve("exposed/model.json")).contains("years"));
    Map<Integer, Double> once = values("exposed", "claims.csv", "once");
    double total = once.values().stream().mapToDouble(v -> v).sum();
    long claims =
        Arrays.stream(claims().split("\n", -1))
            .skip(1)
            .filter(line -> !line.isEmpty())
            .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(',') + 1)))
            .sum();
    // with a free intercept a Poisson model predicts as many as there were; gap 1e-10
    assertEquals((double) claims, total, 1e-3);
    StringBuilder doubled = new StringBuilder("policy,age,years\n");
    doubled.append("0,20,0.5\n1,21,2.5\n2,22,\n3,22,0\n");
    Files.writeString(dir.resolve("doubled.csv"), doubled);
    Map<Integer, Double> twice = values("exposed", "doubled.csv", "twice");
    assertEquals(2 * once.getOrDefault(0, 0.0), twice.getOrDefault(0, 0.0), 1e-12 * total);
    assertEquals(2 * once.getOrDefault(1, 0.0), twice.getOrDefault(1, 0.0), 1e-12 * total);
    assertTrue(Double.isNaN(twice.getOrDefault(2, 0.0)), "no exposure");
    assertTrue(Double.isNaN(twice.getOrDefault(3, 0.0)), "exposure 0");
    List<Row> problems =
        LocalSpark.session()
            .read()
            .parquet(dir + "/twice")
            .where("policy >= 2")
            .select("problem")
            .collectAsList();
    assertTrue(problems.get(0).getString(0).contains("is no exposure"), problems::toString);
    CommandLineRun evaluated =
        CommandLineRun.done("evaluate", "--model", dir + "/exposed", "--data", dir + "/claims.csv");
    double deviance = CommandLineRun.metric(exposed, "train", "poisson-deviance");
    assertTrue(
        evaluated.out().contains(String.format(Locale.ROOT, "%.6f", deviance)), evaluated.out());
  }

  @Test
  void aModelWithAnOffsetNeedsItsColumn() throws IOException {
    claims("exposure: years", "tweedie", "needing");
    Files.writeString(dir.resolve("without.csv"), "policy,age\n1,20\n");
    CommandLineRun run =
        CommandLineRun.of(
            "predict",
            "--model",
            dir + "/needing",
            "--data",
            dir + "/without.csv",
            "--output",
            dir + "/never");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("the model needs its data.exposure"), run.err());
    assertTrue(run.err().contains("no column years"), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "gamma, 'label: claims', is no label of this model: a finite number above 0",
    "poisson, 'label: log_years', is no label of this model: a finite number of at least 0",
    "poisson, 'label: claims, offset: years, exposure: years', written beside data.offset",
    "poisson, 'label: claims, exposure: yaers', no column yaers; did you mean years",
    "poisson, 'label: claims, where: claims = 0', is 0 in every training row",
    "'{kind: tweedie, power: 2}', 'label: claims', a number above 1 and below 2"
  })
  void whatALossCannotHaveIsSaid(String model, String data, String says) throws IOException {
    Path file = dir.resolve("bad-" + Integer.toHexString((model + data).hashCode()) + ".yaml");
    Files.writeString(
        file,
        "data: {train: "
            + dir
            + "/claims.csv, "
            + data
            + "}\nmodel: "
            + model
            + "\noutput: "
            + dir
            + "/no\n");
    CommandLineRun run = CommandLineRun.of("train", file.toString());
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(says), run.err());
  }
}
