package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.objective.MultinomialPasses.RowWeight;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What each pass of a softmax objective does within one partition: pure functions of a shard and
 * margins, so that a list of partitions and a cluster give the same bits. The margins of a block
 * are rows × K numbers, row by row.
 */
public final class PartitionClasses {
  private PartitionClasses() {}

  /** XW + b. */
  public static double[][] margins(Shard shard, double[] parameters, int classes) {
    double[][] margins = new double[shard.blocks().size()][];
    double[] gathered = shard.gather(parameters, classes);
    int weights = shard.width() * classes;
    boolean constant = Arrays.stream(gathered, 0, weights).allMatch(w -> w == 0);
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      double[] z = new double[Math.multiplyExact(block.rows(), classes)];
      for (int i = 0; i < block.rows(); i++) {
        System.arraycopy(gathered, weights, z, i * classes, classes);
      }
      if (!constant) {
        block.addMargins(0, block.rows(), gathered, classes, z);
      }
      margins[k] = z;
    }
    return margins;
  }

  /** Z + step·U + shifts. */
  public static double[][] moved(
      double[][] margins, double[][] rays, double step, double[] shifts) {
    double[][] moved = new double[margins.length][];
    for (int k = 0; k < moved.length; k++) {
      moved[k] = advanced(margins[k], rays[k], step, shifts);
    }
    return moved;
  }

  private static double[] advanced(double[] z, double[] u, double step, double[] shifts) {
    double[] moved = new double[z.length];
    for (int at = 0; at < z.length; at += shifts.length) {
      for (int k = 0; k < shifts.length; k++) {
        moved[at + k] = z[at + k] + step * u[at + k] + shifts[k];
      }
    }
    return moved;
  }

  private static double[] shifted(double[] z, double[] shifts) {
    double[] moved = new double[z.length];
    for (int at = 0; at < z.length; at += shifts.length) {
      for (int k = 0; k < shifts.length; k++) {
        moved[at + k] = z[at + k] + shifts[k];
      }
    }
    return moved;
  }

  /** Σω of each class: K numbers. */
  public static SparseArray classWeights(Shard shard, int classes) {
    double[] sums = new double[classes];
    for (Block block : shard.blocks()) {
      double @Nullable [] weights = block.weights();
      for (int i = 0; i < block.rows(); i++) {
        sums[(int) block.labels()[i]] += weights == null ? 1 : weights[i];
      }
    }
    return SparseArray.dense(sums);
  }

  /** XᵀR, Σ of the rows of R and Σωℓ: (d + 1) K + 1 numbers. */
  public static SparseArray sums(Shard shard, double[][] margins, SoftmaxLoss loss) {
    int classes = loss.classes();
    int intercepts = shard.width() * classes;
    double[] sums = new double[intercepts + classes + 1];
    for (int b = 0; b < margins.length; b++) {
      Block block = shard.blocks().get(b);
      double[] r = margins[b].clone();
      sums[intercepts + classes] +=
          loss.differentiate(r, block.labels(), block.weights(), block.rows());
      block.addTransposed(0, block.rows(), r, classes, sums);
      addRows(r, classes, sums, intercepts);
    }
    return PartitionPasses.spread(shard, sums, classes, 1);
  }

  private static void addRows(double[] r, int classes, double[] sums, int to) {
    for (int at = 0; at < r.length; at += classes) {
      for (int k = 0; k < classes; k++) {
        sums[to + k] += r[at + k];
      }
    }
  }

  /** {@link ClassSlopes} at Z + step·U + shifts; without rays, at Z + shifts. */
  public static SparseArray slopes(
      Shard shard,
      double[][] margins,
      double @Nullable [][] rays,
      SoftmaxLoss loss,
      double step,
      double[] shifts) {
    int classes = loss.classes();
    double[] sums = new double[ClassSlopes.length(classes)];
    double[] still = new double[classes];
    for (int b = 0; b < margins.length; b++) {
      Block block = shard.blocks().get(b);
      double @Nullable [] weights = block.weights();
      double[] u = rays == null ? still : rays[b];
      double[] p =
          rays == null ? shifted(margins[b], shifts) : advanced(margins[b], u, step, shifts);
      sums[0] += loss.value(p, block.labels(), weights, block.rows());
      loss.probabilities(p, block.rows());
      for (int i = 0; i < block.rows(); i++) {
        double weight = weights == null ? 1 : weights[i];
        int ray = rays == null ? 0 : i * classes;
        addSlopes(p, i * classes, u, ray, (int) block.labels()[i], weight, classes, sums);
      }
    }
    return SparseArray.dense(sums);
  }

  /** One row: p at {@code at}, u at {@code ray}. */
  private static void addSlopes(
      double[] p, int at, double[] u, int ray, int label, double weight, int classes, double[] s) {
    double mean = 0;
    double square = 0;
    for (int k = 0; k < classes; k++) {
      double pu = p[at + k] * u[ray + k];
      mean += pu;
      square += pu * u[ray + k];
    }
    s[1] += weight * (mean - u[ray + label]);
    s[2] += weight * Math.max(0, square - mean * mean);
    s[3 + label] -= weight;
    boolean whole = classes <= ClassSlopes.FULL;
    int block = 3 + 2 * classes;
    for (int k = 0; k < classes; k++) {
      double wp = weight * p[at + k];
      s[3 + k] += wp;
      s[3 + classes + k] += wp * (u[ray + k] - mean);
      if (whole) {
        for (int l = 0; l < classes; l++) {
          s[block + l] -= wp * p[at + l];
        }
        s[block + k] += wp;
        block += classes;
      } else {
        s[block + k] += wp * (1 - p[at + k]);
      }
    }
  }

  /** Σ h x xᵀ over every {@code every}-th row, then K sums: see {@link MultinomialPasses#gram}. */
  public static SparseArray gram(
      Shard shard, double[][] margins, SoftmaxLoss loss, int every, RowWeight h) {
    int features = shard.dimension();
    if (shard.width() != features) {
      throw new IllegalStateException("a Gram matrix of " + features + " features");
    }
    int classes = loss.classes();
    int size = (features + 1) * (features + 1);
    double[] gram = new double[size];
    double[] all = new double[classes];
    long before = 0;
    for (int b = 0; b < margins.length; b++) {
      Block block = shard.blocks().get(b);
      double[] curvatures = curvatures(block, margins[b], loss);
      addRows(curvatures, classes, all, 0);
      double @Nullable [] weights = block.weights();
      int[] picked = new int[block.rows() / every + 1];
      double[] multipliers = new double[picked.length];
      int count = 0;
      for (int i = 0; i < block.rows(); i++) {
        if ((before + i) % every == 0) {
          if (h == RowWeight.OWN) {
            multipliers[count] = weights == null ? 1 : weights[i];
          }
          for (int k = 0; k < classes && h == RowWeight.CURVATURE; k++) {
            multipliers[count] += curvatures[i * classes + k];
          }
          picked[count++] = i;
        }
      }
      before += block.rows();
      if (every == 1) {
        block.addGram(multipliers, gram);
      } else if (count > 0) {
        block.select(Arrays.copyOf(picked, count)).addGram(Arrays.copyOf(multipliers, count), gram);
      }
    }
    double[] sums = Arrays.copyOf(gram, size + classes);
    System.arraycopy(all, 0, sums, size, classes);
    return SparseArray.dense(sums);
  }

  /** Σ h_k x², Σ h_k x and Σ h_k: (2d + 1) K numbers. */
  public static SparseArray squares(Shard shard, double[][] margins, SoftmaxLoss loss) {
    int classes = loss.classes();
    int weights = shard.width() * classes;
    double[] squares = new double[2 * weights + classes];
    double[] means = new double[weights];
    double[] own = new double[shard.width()];
    for (int b = 0; b < margins.length; b++) {
      Block block = shard.blocks().get(b);
      double[] curvatures = curvatures(block, margins[b], loss);
      block.addTransposed(0, block.rows(), curvatures, classes, means);
      addRows(curvatures, classes, squares, 2 * weights);
      double[] ofClass = new double[block.rows()];
      for (int k = 0; k < classes; k++) {
        for (int i = 0; i < ofClass.length; i++) {
          ofClass[i] = curvatures[i * classes + k];
        }
        Arrays.fill(own, 0);
        block.addSquares(ofClass, own);
        for (int j = 0; j < own.length; j++) {
          squares[j * classes + k] += own[j];
        }
      }
    }
    System.arraycopy(means, 0, squares, weights, weights);
    return PartitionPasses.spread(shard, squares, classes, 2);
  }

  /** ω p_k(1 − p_k) of each row and class. */
  private static double[] curvatures(Block block, double[] margins, SoftmaxLoss loss) {
    double[] h = margins.clone();
    double @Nullable [] weights = block.weights();
    int classes = loss.classes();
    loss.probabilities(h, block.rows());
    for (int i = 0; i < block.rows(); i++) {
      double weight = weights == null ? 1 : weights[i];
      for (int k = i * classes; k < (i + 1) * classes; k++) {
        h[k] = weight * h[k] * (1 - h[k]);
      }
    }
    return h;
  }

  /** XᵀΘ, Σ of the rows of Θ and Σ ω ℓ*(θ/ω): see {@link MultinomialPasses#dual}. */
  public static SparseArray dual(
      Shard shard,
      double[][] margins,
      SoftmaxLoss loss,
      double[] shifts,
      double[] kept,
      double[] shares) {
    int classes = loss.classes();
    int intercepts = shard.width() * classes;
    double[] sums = new double[intercepts + classes + 1];
    for (int b = 0; b < margins.length; b++) {
      Block block = shard.blocks().get(b);
      double @Nullable [] weights = block.weights();
      double[] q = shifted(margins[b], shifts);
      loss.probabilities(q, block.rows());
      for (int i = 0; i < block.rows(); i++) {
        double weight = weights == null ? 1 : weights[i];
        give(q, i * classes, kept, shares);
        sums[intercepts + classes] += weight == 0 ? 0 : weight * loss.conjugate(q, i);
        q[i * classes + (int) block.labels()[i]] -= 1;
        for (int k = i * classes; k < (i + 1) * classes; k++) {
          q[k] *= weight;
        }
      }
      block.addTransposed(0, block.rows(), q, classes, sums);
      addRows(q, classes, sums, intercepts);
    }
    return PartitionPasses.spread(shard, sums, classes, 1);
  }

  private static void give(double[] q, int at, double[] kept, double[] shares) {
    double given = 0;
    for (int k = 0; k < kept.length; k++) {
      double rest = kept[k] * q[at + k];
      given += q[at + k] - rest;
      q[at + k] = rest;
    }
    for (int k = 0; k < kept.length; k++) {
      q[at + k] += shares[k] * given;
    }
  }
}
