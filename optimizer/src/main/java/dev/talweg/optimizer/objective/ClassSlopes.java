package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.model.SoftmaxModel;
import java.util.Arrays;

/**
 * Value, gradient and Hessian of φ(α, b) = f(W + αP, b₀ + αp_b + b): a softmax objective along a
 * ray, with the K intercepts free beside it.
 *
 * <p>Above {@link #FULL} classes the block of the intercepts costs more than the margins: of it
 * only the diagonal is summed.
 *
 * @param shifts ∂φ/∂b, K numbers
 * @param alphaShifts ∂²φ/∂α∂b, K numbers
 * @param block ∂²φ/∂b², K × K numbers, or its K diagonal ones
 */
public record ClassSlopes(
    double value,
    double alpha,
    double alphaAlpha,
    double[] shifts,
    double[] alphaShifts,
    double[] block) {
  /** Up to so many classes the block is whole. */
  static final int FULL = 64;

  /** How many sums they are. */
  public static int length(int classes) {
    return 3 + 2 * classes + blockLength(classes);
  }

  static int blockLength(int classes) {
    return classes <= FULL ? classes * classes : classes;
  }

  /** From sums in the order of the components. */
  public static ClassSlopes of(double[] sums, int classes) {
    return new ClassSlopes(
        sums[0],
        sums[1],
        sums[2],
        Arrays.copyOfRange(sums, 3, 3 + classes),
        Arrays.copyOfRange(sums, 3 + classes, 3 + 2 * classes),
        Arrays.copyOfRange(sums, 3 + 2 * classes, sums.length));
  }

  /**
   * The Newton step of (α, b), its intercepts alone: the direction in which the search minimizes
   * them beside α.
   *
   * <p>The common shift of all b is free; the block is made definite by a multiple of 11ᵀ, which
   * chooses the step that sums to zero, and by a rounding of its diagonal for classes that have
   * none.
   */
  double[] newtonShifts() {
    int classes = shifts.length;
    boolean whole = block.length > classes;
    int n = whole ? classes + 1 : classes;
    if (!whole) {
      double[] steps = new double[n];
      for (int k = 0; k < n; k++) {
        steps[k] = block[k] > 0 ? -shifts[k] / block[k] : 0;
      }
      return SoftmaxModel.centred(steps, classes);
    }
    double trace = 0;
    for (int k = 0; k < classes; k++) {
      trace += block[k * classes + k];
    }
    double[] matrix = new double[n * n];
    double[] right = new double[n];
    for (int k = 0; k < classes; k++) {
      for (int l = 0; l < classes; l++) {
        matrix[k * n + l] = block[k * classes + l] + trace / classes / classes;
      }
      matrix[k * n + k] += 1e-12 * trace;
      matrix[k * n + classes] = alphaShifts[k];
      matrix[classes * n + k] = alphaShifts[k];
      right[k] = -shifts[k];
    }
    matrix[n * n - 1] = alphaAlpha > 0 ? alphaAlpha * (1 + 1e-12) : 1;
    right[classes] = -alpha;
    return SymmetricSystem.solve(matrix, right)
        .map(steps -> SoftmaxModel.centred(Arrays.copyOf(steps, classes), classes))
        .orElseGet(() -> new double[classes]);
  }

  /** The same of intercepts that stay where they are. */
  ClassSlopes withoutShifts() {
    double[] none = new double[shifts.length];
    return new ClassSlopes(value, alpha, alphaAlpha, none, none, block);
  }

  /** The same of a step α that stays where it is, whatever its slope. */
  ClassSlopes withoutAlpha() {
    return new ClassSlopes(value, 0, 0, shifts, new double[shifts.length], block);
  }

  /** As a mean, with the penalty along the ray. */
  ClassSlopes penalized(double factor, double value, double slope, double curvature) {
    return new ClassSlopes(
        factor * this.value + value,
        factor * alpha + slope,
        factor * alphaAlpha + curvature,
        scaled(shifts, factor),
        scaled(alphaShifts, factor),
        scaled(block, factor));
  }

  private static double[] scaled(double[] values, double factor) {
    double[] scaled = new double[values.length];
    for (int k = 0; k < values.length; k++) {
      scaled[k] = factor * values[k];
    }
    return scaled;
  }

  /** The slopes along α and along one direction of the intercepts. */
  Slopes along(double[] direction) {
    int classes = direction.length;
    boolean whole = block.length > classes;
    double beta = 0;
    double alphaBeta = 0;
    double betaBeta = 0;
    for (int k = 0; k < classes; k++) {
      beta += shifts[k] * direction[k];
      alphaBeta += alphaShifts[k] * direction[k];
      if (whole) {
        for (int l = 0; l < classes; l++) {
          betaBeta += direction[k] * block[k * classes + l] * direction[l];
        }
      } else {
        betaBeta += direction[k] * block[k] * direction[k];
      }
    }
    return new Slopes(value, alpha, beta, alphaAlpha, alphaBeta, betaBeta);
  }
}
