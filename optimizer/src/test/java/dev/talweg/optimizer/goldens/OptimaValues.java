package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.GoldenData.Rows;
import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.model.Intercept;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Certified optima of linear models: {@code optima.json}. */
final class OptimaValues {
  private static final Map<String, String> TARGETS =
      Map.of("poisson", "count", "gamma", "positive", "tweedie", "nonneg", "softmax", "class3");

  /** The rows that stand in problems.json. */
  private static final String SMALL = "small";

  private final Problems problems;
  private final Map<String, @Nullable Object> targets;
  private final GoldenData data;

  private OptimaValues(Problems problems, Map<String, @Nullable Object> targets, GoldenData data) {
    this.problems = problems;
    this.targets = targets;
    this.data = data;
  }

  static void compare(
      Map<String, @Nullable Object> file, Path directory, GoldenData data, Tally tally)
      throws IOException {
    OptimaValues values =
        new OptimaValues(Problems.of(file, directory), Json.map(file.get("small_targets")), data);
    for (Object each : Json.list(file.get("optima"))) {
      Map<String, @Nullable Object> golden = Json.map(each);
      tally.run(
          "optimum/" + golden.get("loss"),
          String.valueOf(golden.get("id")),
          "",
          () -> values.optimum(golden));
    }
  }

  private Found optimum(Map<String, @Nullable Object> golden) {
    String name = String.valueOf(golden.get("loss"));
    Intercept intercept = Intercept.of(Boolean.TRUE.equals(golden.get("intercept")));
    double l2 = Json.number(golden.get("lambda2"));
    SmallLinear.Optimum ours;
    if (name.equals("softmax")) {
      double[][] coefficients = Json.rows(golden.get("coef"));
      SmallRows rows = rows(golden, name, coefficients[0].length);
      ours = SmallLinear.softmax(rows, coefficients.length, l2, intercept, 1e-13);
    } else {
      PointwiseLoss loss = GoldenLosses.called(name);
      String target = loss.classifies() ? "binary" : name.replaceAll("\\(.*", "");
      SmallRows rows = rows(golden, target, Json.numbers(golden.get("coef")).length);
      double[] labels =
          Arrays.stream(rows.labels()).map(y -> GoldenLosses.label(loss, y)).toArray();
      double l1 = Json.number(golden.get("lambda1"));
      ours =
          new SmallLinear(new SmallRows(rows.x(), labels), loss, l1, l2, intercept)
              .minimized(1e-13);
    }
    return Found.of(Json.number(golden.get("objective")), ours.value(), ours.allowed(), 1e-3)
        .because("our certificate and features in single precision say no more");
  }

  private SmallRows rows(Map<String, @Nullable Object> golden, String target, int features) {
    String name = String.valueOf(golden.get("data"));
    if (!name.equals(SMALL)) {
      Rows rows = data.rows(name);
      return new SmallRows(rows.x(), rows.y());
    }
    String called = target.equals("binary") ? target : TARGETS.getOrDefault(target, "real");
    return new SmallRows(
        Arrays.stream(Json.rows(problems.fields("logistic").get("X")))
            .map(row -> Arrays.copyOf(row, features))
            .toArray(double[][]::new),
        Json.numbers(targets.get(called)));
  }
}
