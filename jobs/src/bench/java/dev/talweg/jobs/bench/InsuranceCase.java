package dev.talweg.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Simulated insurance policies with vectors in Parquet → a log-linear model: claims with exposure
 * as offset (Poisson), or cost a year (Tweedie, power 1.5).
 *
 * <p>spark.ml's least squares divide the penalty by the mean of the working weights μ^(2 − power),
 * so it is given λ by that mean, at the optimum: then both sides have the same stationary point.
 */
record InsuranceCase(String name, String label, double power) implements Case.Training {
  private static final double L2 = 1e-4;

  static InsuranceCase poisson() {
    return new InsuranceCase("poisson", "claims", 1);
  }

  static InsuranceCase tweedie() {
    return new InsuranceCase("tweedie", "cost", 1.5);
  }

  @Override
  public String what() {
    return "Simulated insurance policies (`InsurancePolicies`), 83 features, λ = 1e-4, "
        + (power == 1
            ? "number of claims with the logarithm of exposure as offset, Poisson; "
            : "cost a year, Tweedie with power 1.5; ")
        + "vectors in Parquet → model, against `GeneralizedLinearRegression`, whose penalty is scaled "
        + "so that the optimum is the same.";
  }

  @Override
  public ToTargets comparison(Workspace workspace) {
    String parquet =
        InsurancePolicies.written(workspace.spark(), workspace.data(), workspace.rows());
    String[] more = power == 1 ? new String[] {"offset"} : new String[0];
    List<String> columns = new ArrayList<>(List.of("features"));
    columns.addAll(List.of(more));
    Supplier<Dataset<Row>> rows =
        () ->
            workspace
                .spark()
                .read()
                .parquet(parquet)
                .select(label, columns.toArray(String[]::new))
                .withColumnRenamed(label, "label");
    NeutralPass.Loss loss = NeutralPass.ofVariance(power);
    Function<NeutralPass.Linear, Map<String, Object>> examine =
        model -> Map.of("objective", NeutralPass.objective(rows.get(), loss, model, 0, L2));
    String yaml =
        """
        data: {train: "%s", label: %s%s}
        features: {vector: features}
        model: %s
        penalty: {l2: %s, standardize: none}
        """
            .formatted(
                parquet,
                label,
                power == 1 ? ", offset: offset" : "",
                power == 1 ? "poisson" : "{kind: tweedie, power: " + power + "}",
                L2);
    double[] workingWeight = {Double.NaN};
    double exponent = 2 - power;
    NeutralPass.Loss working = (z, y) -> Math.exp(exponent * z);
    TalwegSide talweg =
        new TalwegSide(
            workspace.spark(),
            yaml,
            workspace.run(name),
            TalwegSide.Form.UP_TO_A_CONSTANT,
            run -> {
              NeutralPass.Linear model =
                  ModelTable.linear(workspace.spark(), run, InsurancePolicies.FEATURES);
              if (Double.isNaN(workingWeight[0])) { // the first run is the certified one
                workingWeight[0] = NeutralPass.mean(rows.get(), working, model);
              }
              return examine.apply(model);
            });
    SparkGlm spark = new SparkGlm(rows, power, () -> L2 / workingWeight[0], examine);
    return new ToTargets(
        name, List.of(talweg, spark), ToTargets.Yardstick.SHARED, List.of(1e-3, 1e-4), 25);
  }
}
