package dev.talweg.ml.engine;

import dev.talweg.datasets.DataException;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.Penalty;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkException;

/**
 * Fits a generalized linear model, with a ridge as iteratively reweighted least squares of {@code
 * spark.ml} has it.
 *
 * <p><b>The ridge.</b> The penalty of each step there, ½ λ Σ w_j² in the units of the data, is
 * relative to the sum of the step's own working weights h. Where the steps have come to rest, the
 * slope of the loss is balanced by a ridge of l2 = λ Σh/Σω with the h of that very point. So the
 * ridge follows from the solution and the solution from the ridge: they are found by turns, each
 * fit from where the last one ended, until l2 changes by no more than {@code tol}. With the
 * identity as link h is ω, and one fit is enough; there Spark solves once, features and labels
 * standardized: l2_j = λ s_j²/s_z with the deviations s_j of the feature and s_z of the label
 * without its offset.
 *
 * <p><b>Stopping.</b> {@code tol} of the reweighting bounds the relative change of the
 * coefficients, in whose distance from the optimum the objective is quadratic: the gap is to be of
 * the size of {@code tol}².
 */
public final class GeneralizedFit {
  private final TrainingRows rows;
  private final LinkedFamily family;
  private final Intercept intercept;
  private final double regParam;
  private final Budget budget;

  /**
   * @param budget {@code maxIter} and {@code tol}
   * @throws DataException where the likelihood has no maximum or a label is none of the family
   */
  public GeneralizedFit(
      TrainingRows rows, LinkedFamily family, Intercept intercept, double regParam, Budget budget) {
    this.rows = rows;
    this.family = family;
    this.intercept = intercept;
    this.regParam = regParam;
    this.budget = budget;
    double least = rows.leastLabel();
    double largest = rows.largestLabel();
    if (!family.contains(least) || !family.contains(largest)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "labels from %s to %s are not those of the family %s",
              least,
              largest,
              family.loss().name()));
    }
    if (least == largest) {
      throw new DataException("all labels are the same");
    }
  }

  /**
   * What a fit has found.
   *
   * @param variances the diagonal of (XᵀHX + Λ)⁻¹, intercept last, of which standard errors are
   *     made; empty for none
   * @param steps of all fits
   */
  public record Found(Fitted fitted, double[] variances, int steps) {}

  public Found found() throws SparkException {
    double[] ridge = ElasticNet.none(rows).ridge();
    double[] at = prior(ridge);
    if (regParam > 0) {
      ridge = ridge(at);
    }
    int steps = 0;
    while (true) {
      Fitted fitted = fitted(ridge, at, budget.steps() - steps);
      steps += fitted.objectives().length - 1;
      at = parameters(fitted);
      double[] next = regParam > 0 ? ridge(at) : ridge;
      if (steps >= budget.steps() || near(ridge, next)) {
        return new Found(fitted, variances(ridge, at), steps);
      }
      ridge = next;
    }
  }

  private double[] prior(double[] ridge) {
    try (LinearFit fit = fit(ridge)) {
      return fit.problem().prior();
    }
  }

  private Fitted fitted(double[] ridge, double[] from, int steps) throws SparkException {
    double tolerance = budget.tolerance() * budget.tolerance();
    try (LinearFit fit = fit(ridge)) {
      return fit.fit(new Budget(steps, tolerance), Optional.of(from));
    }
  }

  private LinearFit fit(double[] ridge) {
    return new LinearFit(rows, family.loss(), Penalty.ridge(ridge), intercept);
  }

  /** By feature, then the intercept. */
  private double[] parameters(Fitted fitted) {
    double[] parameters = Arrays.copyOf(rows.gathered(fitted.weights()), rows.features() + 1);
    parameters[rows.features()] = fitted.intercepts()[0];
    return parameters;
  }

  private double[] ridge(double[] at) {
    Reweighted.Spread spread = new Reweighted(rows, family, at).spread();
    double[] deviations = rows.deviations(TrainingRows.Deviation.POPULATION);
    if (family.link() != LinkedFamily.Link.IDENTITY) {
      double l2 = regParam * (spread.weight() / rows.weight());
      return new ElasticNet(0, l2, deviations, ElasticNet.Scale.AS_IT_IS).ridge();
    }
    if (!(spread.deviation() > 0)) {
      throw new DataException("all labels are the same, but for their offsets");
    }
    double l2 = regParam / spread.deviation();
    return new ElasticNet(0, l2, deviations, ElasticNet.Scale.STANDARDIZED).ridge();
  }

  private boolean near(double[] ridge, double[] next) {
    for (int j = 0; j < ridge.length; j++) {
      if (!(Math.abs(next[j] - ridge[j]) <= budget.tolerance() * ridge[j])) {
        return false;
      }
    }
    return true;
  }

  private double[] variances(double[] ridge, double[] at) {
    if (!StandardErrors.possible(rows)) {
      return new double[0];
    }
    double[] gram = new Reweighted(rows, family, at).gram();
    double scale = 1 / rows.weight();
    for (int k = 0; k < gram.length; k++) {
      gram[k] *= scale;
    }
    return StandardErrors.of(gram, ridge, intercept, rows);
  }

  /** More features than this are left to Spark, which refuses them. */
  public static int mostFeatures() {
    return StandardErrors.MOST;
  }
}
