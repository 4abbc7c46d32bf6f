package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.LinearObjective.Curvature;
import java.util.Arrays;

/**
 * The inverse of an approximate Hessian of a linear objective with a free intercept: the H₀ of
 * {@link Lbfgs} and the preconditioner of {@link NewtonCg}.
 *
 * <p>With h̄ = mean h and m = mean h x, eliminating the intercept from the Hessian leaves the
 * centred matrix M = mean h x xᵀ − m mᵀ/h̄ + diag λ: exactly what centring the features would do,
 * at no cost to the data. It matters because one-hot fields each sum to one, which gives the
 * uncentred matrix one huge eigenvalue along the mean. M is dense over a block of features (all of
 * them where the curvature came as a whole Gram matrix) and diagonal elsewhere.
 *
 * @param total h̄, above 0
 * @param means m, d numbers
 * @param scale 1/√M_jj, d numbers
 * @param block ascending: the features of the dense block
 * @param factor the Cholesky factor of the block of M scaled to a unit diagonal, lower triangle row
 *     by row: k(k+1)/2 numbers for k features
 */
public record Preconditioner(
    double total, double[] means, double[] scale, int[] block, double[] factor) {
  /** The least curvature left to a direction, relative to its uncentred curvature. */
  private static final double FLOOR = 1e-4;

  /** The same within a dense block, where only rounding makes it too small. */
  private static final double ROUNDING = 1e-12;

  private static final double JITTER = 1e-12;

  static Preconditioner of(Curvature curvature, double[] penalties) {
    int d = penalties.length;
    int[] block = curvature.block();
    double[] means = curvature.means();
    double total = positive(curvature.total());
    double[] floor = new double[d];
    Arrays.fill(floor, FLOOR);
    for (int j : block) {
      floor[j] = ROUNDING;
    }
    double[] scale = new double[d];
    for (int j = 0; j < d; j++) {
      double uncentred = curvature.squares()[j];
      double centred = Math.max(uncentred - means[j] * means[j] / total, floor[j] * uncentred);
      scale[j] = 1 / Math.sqrt(positive(centred + penalties[j]));
    }
    int width = block.length + 1;
    double[] matrix = new double[block.length * width / 2];
    for (int b = 0; b < block.length; b++) {
      int j = block[b];
      for (int c = 0; c < b; c++) {
        int k = block[c];
        double centred = curvature.gram()[c * width + b] - means[k] * means[j] / total;
        matrix[b * (b + 1) / 2 + c] = centred * scale[j] * scale[k];
      }
      matrix[b * (b + 1) / 2 + b] = 1;
    }
    return new Preconditioner(total, means, scale, block, factorize(matrix, block.length));
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
        sum -= dot(a, row, other, k);
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

  /** Σ a[x + i] a[y + i] in four interleaved sums, which the processor adds side by side. */
  private static double dot(double[] a, int x, int y, int count) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      first += a[x + i] * a[y + i];
      second += a[x + i + 1] * a[y + i + 1];
      third += a[x + i + 2] * a[y + i + 2];
      fourth += a[x + i + 3] * a[y + i + 3];
    }
    for (; i < count; i++) {
      first += a[x + i] * a[y + i];
    }
    return (first + second) + (third + fourth);
  }

  /** Whether it is of the whole curvature matrix, not of parts of it. */
  boolean isExact() {
    return block.length == means.length;
  }

  /** Whether it has a dense block, not the diagonal alone. */
  boolean isDense() {
    return block.length > 0;
  }

  /** M_jj. */
  double diagonal(int j) {
    return 1 / (scale[j] * scale[j]);
  }

  /** M, d × d, where it is exact; else empty. */
  double[] matrix() {
    int d = isExact() ? scale.length : 0;
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
    if (block.length > 0) {
      solve(p);
    }
    p[d] = lift;
    for (int j = 0; j < d; j++) {
      p[j] *= scale[j];
      p[d] -= means[j] * p[j] / total;
    }
    return p;
  }

  /** Solves for the entries of the block, in place. */
  private void solve(double[] p) {
    int width = block.length;
    double[] x = new double[width];
    for (int k = 0; k < width; k++) {
      x[k] = p[block[k]];
    }
    for (int j = 0; j < width; j++) {
      int row = j * (j + 1) / 2;
      double sum = x[j];
      for (int k = 0; k < j; k++) {
        sum -= factor[row + k] * x[k];
      }
      x[j] = sum / factor[row + j];
    }
    for (int j = width - 1; j >= 0; j--) {
      int row = j * (j + 1) / 2;
      x[j] /= factor[row + j];
      for (int k = 0; k < j; k++) {
        x[k] -= factor[row + k] * x[j];
      }
    }
    for (int k = 0; k < width; k++) {
      p[block[k]] = x[k];
    }
  }

  /** gᵀH₀g/2: how far below a point the model of curvature sees the optimum. */
  double decrement(double[] gradient) {
    return 0.5 * Vectors.dot(gradient, apply(gradient));
  }

  @Override
  public String toString() {
    return "Preconditioner["
        + "d = "
        + means.length
        + ", block = "
        + block.length
        + ", total = "
        + total
        + ", scale = "
        + Arrays.toString(scale)
        + "]";
  }
}
