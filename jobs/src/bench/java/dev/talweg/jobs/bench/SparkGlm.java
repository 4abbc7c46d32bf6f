package dev.talweg.jobs.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * spark.ml's generalized linear regression: iteratively reweighted least squares, {@code tol} 0 and
 * a number of iterations. Its penalty is relative to the sum of the working weights, which the
 * caller takes care of; it keeps no history, so that fits of 1, 2, 3, … iterations stand for one.
 */
final class SparkGlm implements Side {
  private static final int LONG = 25;
  private static final double SMALLEST = 1e-300; // tol has to be above 0

  private final Supplier<Dataset<Row>> rows;
  private final double power;
  private final DoubleSupplier penalty;
  private final Function<NeutralPass.Linear, Map<String, Object>> examine;
  private double[] history = new double[0];

  /**
   * @param rows with columns label, features and, for {@code power} 1, offset
   * @param power the variance is the mean to this power: 1 is Poisson's
   * @param penalty regParam, asked for once the reference is known
   */
  SparkGlm(
      Supplier<Dataset<Row>> rows,
      double power,
      DoubleSupplier penalty,
      Function<NeutralPass.Linear, Map<String, Object>> examine) {
    this.rows = rows;
    this.power = power;
    this.penalty = penalty;
    this.examine = examine;
  }

  @Override
  public String name() {
    return "spark.ml";
  }

  @Override
  public Reference reference() {
    double[] values = history(0, LONG);
    return new Reference(values[values.length - 1], Double.NaN);
  }

  @Override
  public double[] history(double target, int most) {
    if (history.length == 0) {
      List<Double> values = new ArrayList<>(List.of(Double.POSITIVE_INFINITY));
      for (int k = 1; k <= Math.min(most, LONG); k++) {
        double value = (double) (Double) value(fitted(k));
        values.add(value);
        if (k > 1 && values.get(k - 1) - value < 1e-9 * Math.abs(value)) {
          break;
        }
      }
      history = values.stream().mapToDouble(Double::doubleValue).toArray();
    }
    return history;
  }

  private Object value(GeneralizedLinearRegressionModel model) {
    return Objects.requireNonNull(examine.apply(linear(model)).get("objective"));
  }

  @Override
  public Fitted fit(double target, int iterations, Clock clock) {
    GeneralizedLinearRegressionModel model = fitted(iterations);
    clock.stop();
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("iterations", model.summary().numIterations());
    found.put("features", model.numFeatures());
    return new Fitted(found, () -> examine.apply(linear(model)));
  }

  private static NeutralPass.Linear linear(GeneralizedLinearRegressionModel model) {
    return new NeutralPass.Linear(model.coefficients().toArray(), model.intercept());
  }

  private GeneralizedLinearRegressionModel fitted(int iterations) {
    GeneralizedLinearRegression regression =
        new GeneralizedLinearRegression()
            .setRegParam(penalty.getAsDouble())
            .setMaxIter(iterations)
            .setTol(SMALLEST);
    return ofVariance(regression, power).fit(rows.get());
  }

  /** Claims with their offset, Poisson, or costs, Tweedie; the logarithm as link. */
  static GeneralizedLinearRegression ofVariance(
      GeneralizedLinearRegression regression, double power) {
    return power == 1
        ? regression.setFamily("poisson").setLink("log").setOffsetCol("offset")
        : regression.setFamily("tweedie").setVariancePower(power).setLinkPower(0);
  }
}
