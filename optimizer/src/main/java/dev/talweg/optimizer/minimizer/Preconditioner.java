package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.LinearObjective.Curvature;
import java.util.Arrays;

/**
 * The inverse of an approximate Hessian of a linear objective with a free intercept: the H₀ of
 * {@link Lbfgs}.
 *
 * <p>With h̄ = mean h and m = mean h x, eliminating the intercept from the Hessian leaves the
 * centred matrix M = mean h x xᵀ − m mᵀ/h̄ + diag λ: exactly what centring the features would do,
 * at no cost to the data. It matters because one-hot fields each sum to one, which gives the
 * uncentred matrix one huge eigenvalue along the mean. M is exact (a Cholesky factor) where the
 * curvature comes as a Gram matrix, else its diagonal.
 *
 * @param total h̄, above 0
 * @param means m, d numbers
 * @param scale 1/√M_jj, d numbers
 * @param factor the Cholesky factor of M scaled to a unit diagonal, lower triangle row by row
 *     (d(d+1)/2 numbers), or empty where M is diagonal
 */
public record Preconditioner(double total, double[] means, double[] scale, double[] factor) {
  /** The least curvature left to a direction, relative to its uncentred curvature. */
  private static final double FLOOR = 1e-4;

  private static final double JITTER = 1e-12;

  static Preconditioner of(Curvature curvature, double[] penalties) {
    return curvature.gram().length > 0
        ? exact(curvature, penalties)
        : diagonal(curvature, penalties);
  }

  private static Preconditioner diagonal(Curvature curvature, double[] penalties) {
    double total = positive(curvature.total());
    double[] scale = new double[penalties.length];
    for (int j = 0; j < scale.length; j++) {
      double uncentred = curvature.squares()[j];
      double mean = curvature.means()[j];
      double centred = Math.max(uncentred - mean * mean / total, FLOOR * uncentred);
      scale[j] = 1 / Math.sqrt(positive(centred + penalties[j]));
    }
    return new Preconditioner(total, curvature.means(), scale, new double[0]);
  }

  private static Preconditioner exact(Curvature curvature, double[] penalties) {
    int d = penalties.length;
    double[] gram = curvature.gram();
    double total = positive(curvature.total());
    double[] means = new double[d];
    for (int j = 0; j < d; j++) {
      means[j] = gram[j * (d + 1) + d];
    }
    double[] matrix = new double[d * (d + 1) / 2];
    double[] scale = new double[d];
    for (int j = 0; j < d; j++) {
      double centred = gram[j * (d + 1) + j] - means[j] * means[j] / total;
      scale[j] = 1 / Math.sqrt(positive(Math.max(centred, 0) + penalties[j]));
    }
    for (int j = 0; j < d; j++) {
      for (int k = 0; k < j; k++) {
        double centred = gram[k * (d + 1) + j] - means[k] * means[j] / total;
        matrix[j * (j + 1) / 2 + k] = centred * scale[j] * scale[k];
      }
      matrix[j * (j + 1) / 2 + j] = 1;
    }
    return new Preconditioner(total, means, scale, factorize(matrix, d));
  }

  /** A curvature that can be divided by: a feature that no row has gets 1, and never moves. */
  private static double positive(double curvature) {
    return curvature > 1e-300 ? curvature : 1;
  }

  /** Cholesky, with a growing multiple of the identity until the matrix is positive definite. */
  private static double[] factorize(double[] matrix, int d) {
    for (double jitter = JITTER; ; jitter *= 100) {
      double[] factor = matrix.clone();
      for (int j = 0; j < d; j++) {
        factor[j * (j + 1) / 2 + j] += jitter;
      }
      if (cholesky(factor, d)) {
        return factor;
      }
    }
  }

  private static boolean cholesky(double[] a, int d) {
    for (int j = 0; j < d; j++) {
      int row = j * (j + 1) / 2;
      for (int k = 0; k <= j; k++) {
        int other = k * (k + 1) / 2;
        double sum = a[row + k];
        for (int i = 0; i < k; i++) {
          sum -= a[row + i] * a[other + i];
        }
        if (k < j) {
          a[row + k] = sum / a[other + k];
        } else if (sum > 0) {
          a[row + j] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether it is of the whole curvature matrix, not of its diagonal. */
  boolean isExact() {
    return factor.length > 0;
  }

  /** M_jj. */
  double diagonal(int j) {
    return 1 / (scale[j] * scale[j]);
  }

  /** M, d × d, where it is exact; else empty. */
  double[] matrix() {
    int d = factor.length > 0 ? scale.length : 0;
    double[] matrix = new double[d * d];
    for (int j = 0; j < d; j++) {
      for (int k = 0; k <= j; k++) {
        double sum = 0;
        for (int i = 0; i <= k; i++) {
          sum += factor[j * (j + 1) / 2 + i] * factor[k * (k + 1) / 2 + i];
        }
        matrix[j * d + k] = sum / (scale[j] * scale[k]);
        matrix[k * d + j] = matrix[j * d + k];
      }
    }
    return matrix;
  }

  /** H₀g for a gradient of d weights and the intercept. */
  double[] apply(double[] gradient) {
    int d = means.length;
    double lift = gradient[d] / total;
    double[] p = new double[d + 1];
    for (int j = 0; j < d; j++) {
      p[j] = (gradient[j] - means[j] * lift) * scale[j];
    }
    if (factor.length > 0) {
      solve(p);
    }
    p[d] = lift;
    for (int j = 0; j < d; j++) {
      p[j] *= scale[j];
      p[d] -= means[j] * p[j] / total;
    }
    return p;
  }

  private void solve(double[] x) {
    int d = means.length;
    for (int j = 0; j < d; j++) {
      double sum = x[j];
      for (int k = 0; k < j; k++) {
        sum -= factor[j * (j + 1) / 2 + k] * x[k];
      }
      x[j] = sum / factor[j * (j + 1) / 2 + j];
    }
    for (int j = d - 1; j >= 0; j--) {
      double sum = x[j];
      for (int k = j + 1; k < d; k++) {
        sum -= factor[k * (k + 1) / 2 + j] * x[k];
      }
      x[j] = sum / factor[j * (j + 1) / 2 + j];
    }
  }

  /** gᵀH₀g/2: how far below a point the model of curvature sees the optimum. */
  double decrement(double[] gradient) {
    return 0.5 * Vectors.dot(gradient, apply(gradient));
  }

  @Override
  public String toString() {
    return "Preconditioner["
        + (factor.length > 0 ? "exact, d = " : "diagonal, d = ")
        + means.length
        + ", total = "
        + total
        + ", scale = "
        + Arrays.toString(scale)
        + "]";
  }
}
