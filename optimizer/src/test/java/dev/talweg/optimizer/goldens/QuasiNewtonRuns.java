package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.model.Intercept;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Quasi-Newton methods of the libraries, and where scikit-learn's ended: {@code lbfgs.json}. */
final class QuasiNewtonRuns {
  private QuasiNewtonRuns() {}

  static void compare(
      Map<String, @Nullable Object> file, Path directory, GoldenData data, Tally tally)
      throws IOException {
    Problems problems = Problems.of(file, directory);
    LbfgsPaths paths = new LbfgsPaths(Json.map(file.get("problems")), problems);
    for (Object each : Json.list(file.get("runs"))) {
      paths.compare(Json.map(each), tally);
    }
    for (String key : file.keySet()) {
      if (key.startsWith("sklearn_logistic_")) {
        for (Object each : Json.list(file.get(key))) {
          Map<String, @Nullable Object> golden = Json.map(each);
          String id =
              key
                  + " "
                  + golden.get("solver")
                  + " C="
                  + golden.get("C")
                  + " tol="
                  + golden.get("tol");
          tally.run(
              "sklearn/" + golden.get("solver"),
              id + (intercept(golden) ? "" : " without intercept"),
              "",
              () -> end(golden, rows(key, golden, problems, data)));
        }
      }
    }
  }

  private static boolean intercept(Map<String, @Nullable Object> golden) {
    return Boolean.TRUE.equals(golden.get("fit_intercept"));
  }

  /** The rows that a run is of: those of problems.json, or of a data set. */
  private static SmallRows rows(
      String key, Map<String, @Nullable Object> golden, Problems problems, GoldenData data) {
    if (!key.endsWith("_small")) {
      return data.rows(key.replaceFirst(".*_", "")).ofClasses();
    }
    Map<String, @Nullable Object> problem = problems.fields("logistic");
    int features = Json.numbers(golden.get("coef")).length;
    return new SmallRows(
        Arrays.stream(Json.rows(problem.get("X")))
            .map(row -> Arrays.copyOf(row, features))
            .toArray(double[][]::new),
        Arrays.stream(Json.numbers(problem.get("y"))).map(y -> y > 0 ? 1 : 0).toArray());
  }

  /** C Σ loss + ‖w‖²/2 where scikit-learn stopped, which is as far from ours as its gradient. */
  private static Found end(Map<String, @Nullable Object> golden, SmallRows given) {
    SmallRows rows = given;
    double[] w = Json.numbers(golden.get("coef"));
    double theirs = Json.number(golden.get("objective_C_sum_form"));
    double slope = Json.number(golden.get("max_abs_gradient_coef"));
    double c = Json.number(golden.get("C"));
    Intercept intercept = Intercept.of(intercept(golden));
    if (intercept == Intercept.FREE && "liblinear".equals(golden.get("solver"))) {
      // its intercept is the weight of a column of ones, penalized as any other
      rows = withOnes(given);
      double b = Json.number(golden.get("intercept"));
      theirs += b * b / 2;
      slope = Math.max(slope, Math.abs(c * slopes(given, w, b) + b));
      intercept = Intercept.NONE;
    }
    int n = rows.labels().length;
    SmallLinear linear = new SmallLinear(rows, new LogisticLoss(), 0, 1 / (n * c), intercept);
    SmallLinear.Optimum optimum = linear.minimized(1e-14);
    double value = n * c * optimum.value();
    return ended(theirs, value, slope, rows.features(), 2 * n * c * optimum.rounding());
  }

  private static SmallRows withOnes(SmallRows rows) {
    double[][] wider =
        Arrays.stream(rows.x())
            .map(
                row -> {
                  double[] more = Arrays.copyOf(row, row.length + 1);
                  more[row.length] = 1;
                  return more;
                })
            .toArray(double[][]::new);
    return new SmallRows(wider, rows.labels());
  }

  /** Σ ∂ℓ/∂z. */
  private static double slopes(SmallRows rows, double[] w, double b) {
    double sum = 0;
    for (int i = 0; i < rows.labels().length; i++) {
      double z = b;
      for (int j = 0; j < w.length; j++) {
        z += rows.x()[i][j] * w[j];
      }
      sum += 1 / (1 + Math.exp(-z)) - rows.labels()[i];
    }
    return sum;
  }

  /**
   * Objectives with the penalty ‖w‖²/2, which curves by 1: a gradient g leaves g²/2 for each weight
   * above the optimum, twice that with an intercept.
   */
  static Found ended(double theirs, double optimum, double slope, int features) {
    return ended(theirs, optimum, slope, features, 0);
  }

  private static Found ended(
      double theirs, double optimum, double slope, int features, double ofFeatures) {
    double rounding = 1e-11 * optimum + ofFeatures;
    double left = features * slope * slope + rounding;
    double excess = theirs < optimum ? (optimum - theirs) / rounding : (theirs - optimum) / left;
    return new Found(excess, Math.abs(theirs - optimum) / optimum)
        .because("the library stopped before the optimum, by what its gradient says");
  }
}
