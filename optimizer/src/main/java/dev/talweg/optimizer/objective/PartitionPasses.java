package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.kernel.Kernels;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What each pass does within one partition: pure functions of a shard and margins, so that a list
 * of partitions and a cluster give the same bits. Margins are arrays as long as their block's rows.
 * Sums have entries for the features that the shard touches.
 */
public final class PartitionPasses {
  /** The sums of {@link #moments} that are not per feature. */
  public static final int MOMENTS = 7;

  private PartitionPasses() {}

  /** Xw + b and the offsets of the rows: {@code parameters} has the intercept at index d. */
  public static double[][] margins(Shard shard, double[] parameters) {
    double[][] margins = rays(shard, parameters);
    for (int k = 0; k < margins.length; k++) {
      double @Nullable [] offsets = shard.blocks().get(k).offsets();
      for (int i = 0; offsets != null && i < offsets.length; i++) {
        margins[k][i] += offsets[i];
      }
    }
    return margins;
  }

  /** Xp + p_b of a direction, which has no offsets. */
  public static double[][] rays(Shard shard, double[] parameters) {
    double[][] margins = new double[shard.blocks().size()][];
    double[] gathered = shard.gather(parameters);
    boolean constant = zero(gathered, shard.width());
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      double[] z = new double[block.rows()];
      Arrays.fill(z, gathered[block.dimension()]);
      if (!constant) {
        block.addMargins(0, block.rows(), gathered, z);
      }
      margins[k] = z;
    }
    return margins;
  }

  /** Whether the first {@code count} numbers are all 0. */
  static boolean zero(double[] x, int count) {
    for (int j = 0; j < count; j++) {
      if (x[j] != 0) {
        return false;
      }
    }
    return true;
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
    for (int i = 0; i < z.length; i++) { // in lanes by C2 itself
      moved[i] = z[i] + step * u[i] + shift;
    }
  }

  /** Xᵀm, Σm and Σωℓ: d + 2 numbers. */
  public static SparseArray sums(Shard shard, double[][] margins, PointwiseLoss loss) {
    int features = shard.width();
    double[] sums = new double[features + 2];
    double[] multipliers = scratch(margins);
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      int rows = block.rows();
      System.arraycopy(margins[k], 0, multipliers, 0, rows);
      sums[features + 1] += loss.differentiate(multipliers, block.labels(), block.weights(), rows);
      block.addTransposed(0, rows, multipliers, sums);
      sums[features] += Kernels.sum(multipliers, rows);
    }
    return spread(shard, sums, 1, 1);
  }

  /** The slopes at z + step·u + shift. */
  public static SparseArray slopes(
      Shard shard,
      double[][] margins,
      double[][] rays,
      PointwiseLoss loss,
      double step,
      double shift) {
    double[] sums = new double[6];
    double[] first = scratch(margins);
    double[] second = scratch(margins);
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      double[] u = rays[k];
      advance(margins[k], u, step, shift, first);
      sums[0] +=
          loss.differentiateTwice(first, block.labels(), block.weights(), block.rows(), second);
      for (int i = 0; i < u.length; i++) {
        sums[1] += first[i] * u[i];
        sums[2] += first[i];
        sums[3] += second[i] * u[i] * u[i];
        sums[4] += second[i] * u[i];
        sums[5] += second[i];
      }
    }
    return SparseArray.dense(sums);
  }

  /** Σ h x xᵀ: {@code (d+1)²} numbers, the upper triangle filled. */
  public static SparseArray gram(Shard shard, double[][] margins, PointwiseLoss loss) {
    int features = shard.dimension();
    if (shard.width() != features) {
      throw new IllegalStateException("a Gram matrix of " + features + " features");
    }
    double[] gram = new double[(features + 1) * (features + 1)];
    double[] curvatures = scratch(margins);
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      curve(block, margins[k], loss, curvatures);
      block.addGram(curvatures, gram);
    }
    return SparseArray.dense(gram);
  }

  /** Σ h x², Σ h x and Σ h: 2d + 1 numbers. */
  public static SparseArray squares(Shard shard, double[][] margins, PointwiseLoss loss) {
    int features = shard.width();
    double[] squares = new double[features];
    double[] means = new double[features];
    double total = 0;
    double[] curvatures = scratch(margins);
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      curve(block, margins[k], loss, curvatures);
      block.addSquares(curvatures, squares);
      block.addTransposed(0, block.rows(), curvatures, means);
      total += Kernels.sum(curvatures, block.rows());
    }
    double[] all = Arrays.copyOf(squares, 2 * features + 1);
    System.arraycopy(means, 0, all, features, features);
    all[2 * features] = total;
    return spread(shard, all, 1, 2);
  }

  /** Xᵀ(h v) and Σ h v: d + 1 numbers. */
  public static SparseArray curve(
      Shard shard, double[][] margins, double[][] along, PointwiseLoss loss) {
    int features = shard.width();
    double[] sums = new double[features + 1];
    double[] pull = scratch(margins);
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      curve(block, margins[k], loss, pull);
      for (int i = 0; i < block.rows(); i++) {
        pull[i] *= along[k][i];
      }
      block.addTransposed(0, block.rows(), pull, sums);
      sums[features] += Kernels.sum(pull, block.rows());
    }
    return spread(shard, sums, 1, 1);
  }

  /** step·v. */
  public static double[][] scaled(double[][] rays, double step) {
    double[][] scaled = new double[rays.length][];
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] = new double[rays[k].length];
      for (int i = 0; i < scaled[k].length; i++) {
        scaled[k][i] = step * rays[k][i];
      }
    }
    return scaled;
  }

  /**
   * The rows that a hash of (seed, partition, row) chooses, each with this probability, with the
   * model's feature numbers; blocks of which no row is chosen are left out.
   */
  public static List<Block> sample(Shard shard, int partition, double share, long seed) {
    List<Block> sample = new ArrayList<>();
    long before = 0;
    for (Block block : shard.blocks()) {
      long first = before;
      int[] picked =
          IntStream.range(0, block.rows())
              .filter(i -> CounterRandom.uniform(seed, partition, first + i, 0) < share)
              .toArray();
      before += block.rows();
      if (picked.length > 0) {
        sample.add(shard.expanded(block.select(picked)));
      }
    }
    return sample;
  }

  private static void curve(
      Block block, double[] margins, PointwiseLoss loss, double[] curvatures) {
    System.arraycopy(margins, 0, curvatures, 0, block.rows());
    loss.curve(curvatures, block.labels(), block.weights(), block.rows());
  }

  /** Room for the rows of any block: one array a pass, where a copy a block would be n numbers. */
  private static double[] scratch(double[][] margins) {
    int longest = 0;
    for (double[] z : margins) {
      longest = Math.max(longest, z.length);
    }
    return new double[longest];
  }

  /** Σm and Σm²/ω of positive and of negative multipliers, and Σωℓ: 5 numbers. */
  public static SparseArray multiplierSums(Shard shard, double[][] margins, PointwiseLoss loss) {
    double[] sums = new double[5];
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      double[] weights = block.weights();
      double[] multipliers = margins[k].clone();
      sums[4] += loss.differentiate(multipliers, block.labels(), weights, block.rows());
      for (int i = 0; i < multipliers.length; i++) {
        double m = multipliers[i];
        if (m != 0) {
          int side = m > 0 ? 0 : 2;
          sums[side] += m;
          sums[side + 1] += m * m / (weights == null ? 1 : weights[i]);
        }
      }
    }
    return SparseArray.dense(sums);
  }

  /** Σ ω ℓ*(θ/ω), less Σ θo where rows have offsets o, for each pair of scales. */
  public static SparseArray conjugates(
      Shard shard,
      double[][] margins,
      PointwiseLoss loss,
      double[] positiveScales,
      double[] negativeScales) {
    double[] sums = new double[positiveScales.length];
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      double[] labels = block.labels();
      double[] weights = block.weights();
      double @Nullable [] offsets = block.offsets();
      double[] slopes = margins[k].clone();
      // without weights: times a scale of at most 1, they stay in the conjugate's domain
      loss.differentiate(slopes, labels, null, block.rows());
      for (int i = 0; i < slopes.length; i++) {
        double weight = weights == null ? 1 : weights[i];
        for (int s = 0; s < sums.length && weight > 0; s++) {
          double slope = slopes[i] * (slopes[i] > 0 ? positiveScales[s] : negativeScales[s]);
          double shifted = offsets == null ? 0 : slope * offsets[i];
          sums[s] += weight * (loss.conjugate(slope, labels[i]) - shifted);
        }
      }
    }
    return SparseArray.dense(sums);
  }

  /** Xᵀθ for multipliers θ scaled where positive and where negative: d numbers. */
  public static SparseArray dual(
      Shard shard,
      double[][] margins,
      PointwiseLoss loss,
      double positiveScale,
      double negativeScale) {
    double[] sums = new double[shard.width()];
    double[] theta = scratch(margins);
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      int rows = block.rows();
      double[] weights = block.weights();
      System.arraycopy(margins[k], 0, theta, 0, rows);
      loss.differentiate(theta, block.labels(), null, rows);
      for (int i = 0; i < rows; i++) {
        double slope = theta[i] * (theta[i] > 0 ? positiveScale : negativeScale);
        theta[i] = (weights == null ? 1 : weights[i]) * slope;
      }
      block.addTransposed(0, rows, theta, sums);
    }
    return spread(shard, sums, 1, 1);
  }

  /**
   * Σωx, Σωx² and Σωyx, then the number of rows, Σω, Σωy, Σωy², Σωo and Σω|o|: 3d + {@link
   * #MOMENTS} numbers.
   */
  public static SparseArray moments(Shard shard) {
    int features = shard.width();
    double[] moments = new double[3 * features];
    double[] all = new double[3 * features + MOMENTS];
    int tail = 3 * features;
    for (Block block : shard.blocks()) {
      double @Nullable [] weights = block.weights();
      for (int i = 0; i < block.rows(); i++) {
        double weight = weights == null ? 1 : weights[i];
        double y = block.labels()[i];
        all[tail + 1] += weight;
        all[tail + 2] += weight * y;
        all[tail + 3] += weight * y * y;
      }
      double @Nullable [] offsets = block.offsets();
      for (int i = 0; offsets != null && i < offsets.length; i++) {
        double weighted = weights == null ? offsets[i] : weights[i] * offsets[i];
        all[tail + 4] += weighted;
        all[tail + 5] += Math.abs(weighted);
      }
      all[tail] += block.rows();
      all[tail + 6] += block.entries(0, block.rows());
      block.addMoments(moments);
    }
    for (int j = 0; j < features; j++) {
      for (int k = 0; k < 3; k++) {
        all[k * features + j] = moments[3 * j + k];
      }
    }
    return spread(shard, all, 1, 3);
  }

  /** Σωℓ: one number. */
  public static SparseArray value(Shard shard, double[][] margins, PointwiseLoss loss) {
    double[] value = new double[1];
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      value[0] += loss.value(margins[k], block.labels(), block.weights(), block.rows());
    }
    return SparseArray.dense(value);
  }

  /**
   * {@code times} runs of K numbers for each feature that the shard touches, and what follows them.
   */
  static SparseArray spread(Shard shard, double[] values, int classes, int times) {
    int[] touched = shard.touched();
    if (touched == null) {
      return SparseArray.dense(values);
    }
    int own = touched.length * classes;
    int all = shard.dimension() * classes;
    int[] places = new int[values.length];
    for (int run = 0; run < times; run++) {
      for (int k = 0; k < classes; k++) {
        spread(touched, classes, run * all + k, places, run * own + k);
      }
    }
    int tail = values.length - times * own;
    for (int k = 0; k < tail; k++) {
      places[times * own + k] = times * all + k;
    }
    return new SparseArray(times * all + tail, places, values);
  }

  private static void spread(int[] touched, int classes, int first, int[] places, int from) {
    if (classes == 1) { // in lanes by C2 itself
      for (int j = 0; j < touched.length; j++) {
        places[from + j] = first + touched[j];
      }
      return;
    }
    for (int j = 0; j < touched.length; j++) {
      places[from + j * classes] = first + touched[j] * classes;
    }
  }

  static double sum(double[] terms) {
    double sum = 0;
    for (double term : terms) {
      sum += term;
    }
    return sum;
  }
}
