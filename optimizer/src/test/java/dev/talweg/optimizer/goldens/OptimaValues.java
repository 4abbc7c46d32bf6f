package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.PointwiseLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Certified optima of linear models: {@code optima.json}. */
final class OptimaValues {
  private static final Map<String, String> TARGETS =
      Map.of("poisson", "count", "gamma", "positive", "tweedie", "nonneg");

  private OptimaValues() {}

  static void compare(Map<String, @Nullable Object> file, Path directory, Tally tally)
      throws IOException {
    Map<String, @Nullable Object> logistic = logistic(directory);
    double[][] rows = Json.rows(logistic.get("X"));
    Map<String, @Nullable Object> targets = Json.map(file.get("small_targets"));
    for (Object each : Json.list(file.get("optima"))) {
      Map<String, @Nullable Object> golden = Json.map(each);
      String loss = String.valueOf(golden.get("loss"));
      tally.run(
          "optimum/" + loss,
          String.valueOf(golden.get("id")),
          "",
          () -> optimum(golden, loss, rows, targets));
    }
  }

  /** The problem of 24 rows that stands in problems.json. */
  static Map<String, @Nullable Object> logistic(Path directory) throws IOException {
    Path beside = directory.resolve("problems.json");
    String text = Files.exists(beside) ? Files.readString(beside) : "{}";
    return Json.map(Json.map(Json.object(text).get("problems")).get("logistic"));
  }

  private static Found optimum(
      Map<String, @Nullable Object> golden,
      String name,
      double[][] rows,
      Map<String, @Nullable Object> targets) {
    if (rows.length == 0) {
      throw new NotCovered("its problems.json is not beside it");
    }
    if (!"small".equals(golden.get("data"))) {
      throw new NotCovered("its data are not in the files; OptimaTest has runs on them");
    }
    if (!Boolean.TRUE.equals(golden.get("intercept"))) {
      throw new NotCovered("linear models have an intercept here");
    }
    PointwiseLoss loss = GoldenLosses.called(name);
    String target =
        loss.classifies() ? "binary" : TARGETS.getOrDefault(name.replaceAll("\\(.*", ""), "real");
    double[] labels =
        Arrays.stream(Json.numbers(targets.get(target)))
            .map(y -> GoldenLosses.label(loss, y))
            .toArray();
    double[] coefficients = Json.numbers(golden.get("coef"));
    double[][] some =
        Arrays.stream(rows)
            .map(row -> Arrays.copyOf(row, coefficients.length))
            .toArray(double[][]::new);
    SmallLinear.Optimum ours =
        new SmallLinear(
                some,
                labels,
                loss,
                Json.number(golden.get("lambda1")),
                Json.number(golden.get("lambda2")))
            .minimized(1e-13);
    // ours is as near as its own certificate says, which with kinks stalls before rounding
    double allowed = Math.max(1e-12, Math.min(2 * ours.gap(), 1e-3));
    return Found.of(Json.number(golden.get("objective")), ours.value(), allowed, 1e-3);
  }
}
