package dev.talweg.jobs.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.LinearSVC;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A class of {@code dev.talweg.ml} in the place of Spark's: one import line, and each ends by
 * itself, with Spark's defaults for {@code tol} and {@code maxIter}.
 *
 * @param kind the class, and what it is told
 * @param columns of the policies, as SQL: label, features and, where the loss has one, offset
 * @param loss whose mean over the rows is in the lines, by a neutral pass; without the penalty
 */
record DropInCase(
    String name,
    String kind,
    List<String> columns,
    Supplier<Predictor<Vector, ?, ?>> ours,
    Supplier<Predictor<Vector, ?, ?>> stock,
    NeutralPass.Loss loss)
    implements Case {
  private static final List<String> WHETHER = List.of("double(claims > 0) as label", "features");
  private static final List<String> COST = List.of("cost as label", "features");
  private static final List<String> CLAIMS = List.of("claims as label", "features", "offset");
  private static final double RIDGE = 0.01;

  static List<DropInCase> all() {
    return List.of(
        new DropInCase(
            "drop-in-logistic",
            "LogisticRegression",
            WHETHER,
            dev.talweg.ml.classification.LogisticRegression::new,
            LogisticRegression::new,
            NeutralPass.LOGISTIC),
        new DropInCase(
            "drop-in-svc",
            "LinearSVC",
            WHETHER,
            dev.talweg.ml.classification.LinearSVC::new,
            LinearSVC::new,
            NeutralPass.HINGE),
        new DropInCase(
            "drop-in-linear",
            "LinearRegression",
            COST,
            dev.talweg.ml.regression.LinearRegression::new,
            LinearRegression::new,
            NeutralPass.SQUARED),
        generalized("drop-in-poisson", 1, 0),
        generalized("drop-in-poisson-ridge", 1, RIDGE),
        generalized("drop-in-tweedie", 1.5, 0),
        generalized("drop-in-tweedie-ridge", 1.5, RIDGE));
  }

  private static DropInCase generalized(String name, double power, double ridge) {
    return new DropInCase(
        name,
        (power == 1
                ? "GeneralizedLinearRegression, claims with their offset, Poisson"
                : "GeneralizedLinearRegression, cost, Tweedie with power 1.5")
            + (ridge > 0 ? ", `regParam` " + ridge : ""),
        power == 1 ? CLAIMS : COST,
        () -> of(new dev.talweg.ml.regression.GeneralizedLinearRegression(), power, ridge),
        () -> of(new GeneralizedLinearRegression(), power, ridge),
        NeutralPass.ofVariance(power));
  }

  private static Predictor<Vector, ?, ?> of(
      GeneralizedLinearRegression regression, double power, double ridge) {
    return SparkGlm.ofVariance(regression, power).setRegParam(ridge);
  }

  @Override
  public String what() {
    return kind
        + ": `dev.talweg.ml`'s class in the place of Spark's on the rows of `poisson`, other"
        + " parameters at their defaults: each ends by its own `tol`.";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    String parquet =
        InsurancePolicies.written(workspace.spark(), workspace.data(), workspace.rows());
    Supplier<Dataset<Row>> rows =
        () -> workspace.spark().read().parquet(parquet).selectExpr(columns.toArray(String[]::new));
    turns.run(name, List.of(contender("talweg", ours, rows), contender("spark.ml", stock, rows)));
  }

  private Turns.Contender contender(
      String side, Supplier<Predictor<Vector, ?, ?>> made, Supplier<Dataset<Row>> rows) {
    return new Turns.Contender(
        side,
        List.of("its own end"),
        Map.of(),
        clock -> {
          Model<?> model = made.get().fit(rows.get());
          clock.stop();
          Trained trained = Trained.of(model);
          Map<String, Object> found = new LinkedHashMap<>();
          found.put("iterations", trained.iterations());
          found.put("features", trained.linear().weights().length);
          return new Side.Fitted(
              found,
              () -> Map.of("objective", NeutralPass.mean(rows.get(), loss, trained.linear())));
        });
  }

  private record Trained(NeutralPass.Linear linear, long iterations) {
    static Trained of(Model<?> model) {
      if (model instanceof LogisticRegressionModel found) {
        return of(found.coefficients(), found.intercept(), found.summary().totalIterations());
      }
      if (model instanceof LinearSVCModel found) {
        return of(found.coefficients(), found.intercept(), found.summary().totalIterations());
      }
      if (model instanceof LinearRegressionModel found) {
        return of(found.coefficients(), found.intercept(), found.summary().totalIterations());
      }
      GeneralizedLinearRegressionModel found = (GeneralizedLinearRegressionModel) model;
      return of(found.coefficients(), found.intercept(), found.summary().numIterations());
    }

    private static Trained of(Vector coefficients, double intercept, long iterations) {
      return new Trained(new NeutralPass.Linear(coefficients.toArray(), intercept), iterations);
    }
  }
}
