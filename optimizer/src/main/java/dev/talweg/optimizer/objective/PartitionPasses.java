package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.loss.PointwiseLoss;
import java.util.Arrays;
import java.util.List;

/**
 * What each pass does within one partition: pure functions of blocks and margins, so that a list of
 * partitions and a cluster give the same bits. Margins are arrays as long as their block's rows.
 */
public final class PartitionPasses {
  private PartitionPasses() {}

  /** Xw + b: {@code parameters} has the intercept at index d. */
  public static double[][] margins(List<Block> blocks, double[] parameters) {
    double[][] margins = new double[blocks.size()][];
    for (int k = 0; k < margins.length; k++) {
      Block block = blocks.get(k);
      double[] z = new double[block.rows()];
      Arrays.fill(z, parameters[block.dimension()]);
      block.addMargins(0, block.rows(), parameters, z);
      margins[k] = z;
    }
    return margins;
  }

  /** z + step·u + shift. */
  public static double[][] moved(double[][] margins, double[][] rays, double step, double shift) {
    double[][] moved = new double[margins.length][];
    for (int k = 0; k < moved.length; k++) {
      moved[k] = new double[margins[k].length];
      advance(margins[k], rays[k], step, shift, moved[k]);
    }
    return moved;
  }

  private static void advance(double[] z, double[] u, double step, double shift, double[] moved) {
    for (int i = 0; i < z.length; i++) {
      moved[i] = z[i] + step * u[i] + shift;
    }
  }

  /** Xᵀm, Σm and Σωℓ: d + 2 numbers. */
  public static double[] sums(
      List<Block> blocks, double[][] margins, PointwiseLoss loss, int features) {
    double[] sums = new double[features + 2];
    for (int k = 0; k < margins.length; k++) {
      Block block = blocks.get(k);
      double[] multipliers = margins[k].clone();
      sums[features + 1] +=
          loss.differentiate(multipliers, block.labels(), block.weights(), block.rows());
      block.addTransposed(0, block.rows(), multipliers, sums);
      sums[features] += sum(multipliers);
    }
    return sums;
  }

  /** The slopes at z + step·u + shift. */
  public static double[] slopes(
      List<Block> blocks,
      double[][] margins,
      double[][] rays,
      PointwiseLoss loss,
      double step,
      double shift) {
    double[] sums = new double[6];
    for (int k = 0; k < margins.length; k++) {
      Block block = blocks.get(k);
      double[] u = rays[k];
      double[] first = new double[block.rows()];
      advance(margins[k], u, step, shift, first);
      double[] second = first.clone();
      sums[0] += loss.differentiate(first, block.labels(), block.weights(), block.rows());
      loss.curve(second, block.labels(), block.weights(), block.rows());
      for (int i = 0; i < u.length; i++) {
        sums[1] += first[i] * u[i];
        sums[2] += first[i];
        sums[3] += second[i] * u[i] * u[i];
        sums[4] += second[i] * u[i];
        sums[5] += second[i];
      }
    }
    return sums;
  }

  /** Σ h x xᵀ: {@code (d+1)²} numbers, the upper triangle filled. */
  public static double[] gram(
      List<Block> blocks, double[][] margins, PointwiseLoss loss, int features) {
    double[] gram = new double[(features + 1) * (features + 1)];
    for (int k = 0; k < margins.length; k++) {
      blocks.get(k).addGram(curvatures(blocks.get(k), margins[k], loss), gram);
    }
    return gram;
  }

  /** Σ h x², Σ h x and Σ h: 2d + 1 numbers. */
  public static double[] squares(
      List<Block> blocks, double[][] margins, PointwiseLoss loss, int features) {
    double[] squares = new double[features];
    double[] means = new double[features];
    double total = 0;
    for (int k = 0; k < margins.length; k++) {
      Block block = blocks.get(k);
      double[] curvatures = curvatures(block, margins[k], loss);
      block.addSquares(curvatures, squares);
      block.addTransposed(0, block.rows(), curvatures, means);
      total += sum(curvatures);
    }
    double[] all = Arrays.copyOf(squares, 2 * features + 1);
    System.arraycopy(means, 0, all, features, features);
    all[2 * features] = total;
    return all;
  }

  private static double[] curvatures(Block block, double[] margins, PointwiseLoss loss) {
    double[] curvatures = margins.clone();
    loss.curve(curvatures, block.labels(), block.weights(), block.rows());
    return curvatures;
  }

  /** Σ of positive and Σ of negative multipliers. */
  public static double[] multiplierSums(
      List<Block> blocks, double[][] margins, PointwiseLoss loss) {
    double[] sums = new double[2];
    for (int k = 0; k < margins.length; k++) {
      Block block = blocks.get(k);
      double[] multipliers = margins[k].clone();
      loss.differentiate(multipliers, block.labels(), block.weights(), block.rows());
      for (double m : multipliers) {
        sums[m > 0 ? 0 : 1] += m;
      }
    }
    return sums;
  }

  /** Xᵀθ, Σθ and Σ ω ℓ*(θ/ω): d + 2 numbers. */
  public static double[] dual(
      List<Block> blocks,
      double[][] margins,
      PointwiseLoss loss,
      int features,
      double positiveScale,
      double negativeScale) {
    double[] sums = new double[features + 2];
    for (int k = 0; k < margins.length; k++) {
      Block block = blocks.get(k);
      double[] labels = block.labels();
      double[] weights = block.weights();
      double[] theta = margins[k].clone();
      loss.differentiate(theta, labels, weights, block.rows());
      for (int i = 0; i < theta.length; i++) {
        theta[i] *= theta[i] > 0 ? positiveScale : negativeScale;
        double weight = weights == null ? 1 : weights[i];
        if (weight > 0) {
          sums[features + 1] += weight * loss.conjugate(theta[i] / weight, labels[i]);
        }
      }
      block.addTransposed(0, block.rows(), theta, sums);
      sums[features] += sum(theta);
    }
    return sums;
  }

  private static double sum(double[] terms) {
    double sum = 0;
    for (double term : terms) {
      sum += term;
    }
    return sum;
  }
}
