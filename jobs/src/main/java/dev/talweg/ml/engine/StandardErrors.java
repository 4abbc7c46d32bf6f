package dev.talweg.ml.engine;

import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.LinearProblem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What {@code spark.ml} makes standard errors of: the diagonal of (XᵀΩX + Λ)⁻¹, intercept last.
 * Where the matrix is singular there are none, as in Spark, which then leaves the normal equations.
 */
public final class StandardErrors {
  /** As many features as Spark's normal equations take. */
  static final int MOST = 4096;

  private static final double SINGULAR = 1e-12;

  private StandardErrors() {}

  /**
   * From the Gram matrix that a fit of up to {@link LinearProblem#EXACT_CURVATURE} features has
   * taken anyway; beyond these, and where there are none, empty.
   */
  public static double[] of(LinearFit fit, TrainingRows rows) {
    int d = rows.features();
    if (d > LinearProblem.EXACT_CURVATURE || !possible(rows)) {
      return new double[0];
    }
    double[] gram = fit.problem().curvature(new double[d + 1]).gram();
    return of(gram, fit.problem().penalties(), fit.intercept(), rows);
  }

  /** Whether no feature is constant, which alone makes the matrix singular. */
  static boolean possible(TrainingRows rows) {
    return rows.features() == rows.size()
        && rows.features() <= MOST
        && Arrays.stream(rows.deviations(TrainingRows.Deviation.POPULATION)).allMatch(s -> s > 0);
  }

  /**
   * @param gram the mean of ω x xᵀ with a constant 1 as feature d, the upper triangle of a (d + 1)²
   *     matrix
   * @param ridge Λ, by feature
   * @return empty where the matrix is singular
   */
  static double[] of(double[] gram, double[] ridge, Intercept intercept, TrainingRows rows) {
    int d = rows.features();
    int n = intercept == Intercept.FREE ? d + 1 : d;
    double[][] matrix = new double[n][];
    double[] scale = new double[n];
    for (int j = 0; j < n; j++) {
      double own = gram[j * (d + 1) + j] + (j < d ? ridge[j] : 0);
      if (!(own > 0)) {
        return new double[0];
      }
      scale[j] = 1 / Math.sqrt(own);
    }
    for (int j = 0; j < n; j++) {
      matrix[j] = new double[j + 1];
      for (int k = 0; k < j; k++) {
        matrix[j][k] = gram[k * (d + 1) + j] * scale[j] * scale[k];
      }
      matrix[j][j] = 1;
    }
    double[] inverse = inverseDiagonal(matrix);
    if (inverse == null) {
      return new double[0];
    }
    for (int j = 0; j < n; j++) {
      inverse[j] *= scale[j] * scale[j] / rows.weight();
    }
    return inverse;
  }

  /**
   * Of a symmetric positive definite matrix with a unit diagonal, by its Cholesky factor.
   *
   * @param lower the triangle, row by row, which the factor takes the place of
   */
  private static double @Nullable [] inverseDiagonal(double[][] lower) {
    int n = lower.length;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = lower[i][j];
        for (int k = 0; k < j; k++) {
          sum -= lower[i][k] * lower[j][k];
        }
        if (i == j && !(sum > SINGULAR)) {
          return null;
        }
        lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
      }
    }
    double[] diagonal = new double[n];
    double[] column = new double[n]; // of the inverse of the factor
    for (int c = 0; c < n; c++) {
      for (int i = c; i < n; i++) {
        double sum = i == c ? 1 : 0;
        for (int k = c; k < i; k++) {
          sum -= lower[i][k] * column[k];
        }
        column[i] = sum / lower[i][i];
        diagonal[c] += column[i] * column[i];
      }
    }
    return diagonal;
  }
}
