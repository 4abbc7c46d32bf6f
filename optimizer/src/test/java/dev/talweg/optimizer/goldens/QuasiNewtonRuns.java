package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.LogisticLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Quasi-Newton methods of the libraries, and where scikit-learn's ended: {@code lbfgs.json}. */
final class QuasiNewtonRuns {
  private QuasiNewtonRuns() {}

  static void compare(Map<String, @Nullable Object> file, Path directory, Tally tally)
      throws IOException {
    for (Object each : Json.list(file.get("runs"))) {
      Map<String, @Nullable Object> run = Json.map(each);
      tally.not(
          run.get("library")
              + "/"
              + run.get("optimizer")
              + " "
              + run.get("problem")
              + run.get("params"),
          "Talweg's L-BFGS is preconditioned and walks along margins of rows: another path, and no"
              + " form for this function");
    }
    Map<String, @Nullable Object> problem = OptimaValues.logistic(directory);
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
              () -> end(key, golden, problem));
        }
      }
    }
  }

  private static boolean intercept(Map<String, @Nullable Object> golden) {
    return Boolean.TRUE.equals(golden.get("fit_intercept"));
  }

  /** C Σ loss + ‖w‖²/2 where scikit-learn stopped, which is as far from ours as its gradient. */
  private static Found end(
      String key, Map<String, @Nullable Object> golden, Map<String, @Nullable Object> problem) {
    if (!key.endsWith("_small")) {
      throw new NotCovered("its data are not in the files");
    }
    if (!intercept(golden)) {
      throw new NotCovered("linear models have an intercept here");
    }
    if ("liblinear".equals(golden.get("solver"))) {
      throw new NotCovered("penalizes the intercept");
    }
    if (problem.isEmpty()) {
      throw new NotCovered("its problems.json is not beside it");
    }
    int features = Json.numbers(golden.get("coef")).length;
    double[][] rows =
        Arrays.stream(Json.rows(problem.get("X")))
            .map(row -> Arrays.copyOf(row, features))
            .toArray(double[][]::new);
    double[] labels =
        Arrays.stream(Json.numbers(problem.get("y"))).map(y -> y > 0 ? 1 : 0).toArray();
    double c = Json.number(golden.get("C"));
    int n = rows.length;
    SmallLinear linear = new SmallLinear(rows, labels, new LogisticLoss(), 0, 1 / (n * c));
    double optimum = n * c * linear.minimized(1e-14).value();
    double theirs = Json.number(golden.get("objective_C_sum_form"));
    return ended(theirs, optimum, Json.number(golden.get("max_abs_gradient_coef")), features);
  }

  /**
   * Objectives with the penalty ‖w‖²/2, which curves by 1: a gradient g leaves g²/2 for each weight
   * above the optimum, twice that with an intercept.
   */
  static Found ended(double theirs, double optimum, double slope, int features) {
    double rounding = 1e-11 * optimum;
    double left = features * slope * slope + rounding;
    double excess = theirs < optimum ? (optimum - theirs) / rounding : (theirs - optimum) / left;
    return new Found(excess, Math.abs(theirs - optimum) / optimum);
  }
}
