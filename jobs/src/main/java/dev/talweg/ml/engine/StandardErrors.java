package dev.talweg.ml.engine;

import dev.talweg.optimizer.objective.LinearProblem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What {@code spark.ml} makes standard errors of: the diagonal of (XᵀΩX + Λ)⁻¹, intercept last,
 * from the Gram matrix that a fit of up to {@link LinearProblem#EXACT_CURVATURE} features has taken
 * anyway. Beyond these, and where the matrix is singular, there are none, as in Spark's iterative
 * solvers.
 */
public final class StandardErrors {
  private static final double SINGULAR = 1e-12;

  private StandardErrors() {}

  /** Empty for none. */
  public static double[] of(LinearFit fit, TrainingRows rows) {
    int d = rows.features();
    boolean constant =
        Arrays.stream(rows.deviations(TrainingRows.Deviation.POPULATION)).anyMatch(s -> s == 0);
    if (d > LinearProblem.EXACT_CURVATURE || d != rows.size() || constant) {
      return new double[0];
    }
    double[] gram = fit.problem().curvature(new double[d + 1]).gram();
    double[] ridge = fit.problem().penalties();
    int n = fit.intercept() == Intercept.FREE ? d + 1 : d;
    double[][] matrix = new double[n][n];
    double[] scale = new double[n];
    for (int j = 0; j < n; j++) {
      double own = gram[j * (d + 1) + j] + (j < d ? ridge[j] : 0);
      if (!(own > 0)) {
        return new double[0];
      }
      scale[j] = 1 / Math.sqrt(own);
    }
    for (int j = 0; j < n; j++) {
      matrix[j][j] = 1;
      for (int k = j + 1; k < n; k++) {
        matrix[j][k] = gram[j * (d + 1) + k] * scale[j] * scale[k];
        matrix[k][j] = matrix[j][k];
      }
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

  /** Of a symmetric positive definite matrix with a unit diagonal, by its Cholesky factor. */
  private static double @Nullable [] inverseDiagonal(double[][] a) {
    int n = a.length;
    double[][] lower = new double[n][n];
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        double sum = a[i][j];
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
    for (int c = 0; c < n; c++) {
      double[] column = new double[n]; // of the inverse of the factor
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
