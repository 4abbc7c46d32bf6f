package dev.talweg.ml.engine;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.objective.PartitionPasses;
import org.jspecify.annotations.Nullable;

/**
 * What iteratively reweighted least squares would see of the rows at some parameters: working
 * labels and features under the working weights h = ω/(g′(μ)² V(μ)). One pass each.
 */
final class Reweighted {
  private final TrainingRows rows;
  private final LinkedFamily family;
  private final double[] parameters;

  /**
   * @param parameters d weights, in the order of features, and the intercept
   */
  Reweighted(TrainingRows rows, LinkedFamily family, double[] parameters) {
    this.rows = rows;
    this.family = family;
    this.parameters = parameters.clone();
  }

  /**
   * Of the working labels z = η − o + (y − μ) g′(μ), which have no offset o.
   *
   * @param weight Σh
   * @param deviation of z under the weights h
   */
  record Spread(double weight, double deviation) {}

  Spread spread() {
    LinkedFamily own = family;
    double[] at = parameters;
    double[] sums = rows.sum(shard -> sums(shard, own, at), 3);
    double mean = sums[1] / sums[0];
    return new Spread(sums[0], Math.sqrt(Math.max(0, sums[2] / sums[0] - mean * mean)));
  }

  /** Σh, Σhz, Σhz². */
  private static double[] sums(Shard shard, LinkedFamily family, double[] parameters) {
    double[] sums = new double[3];
    double[][] margins = PartitionPasses.margins(shard, parameters);
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      double @Nullable [] offsets = block.offsets();
      double[] h = weights(block, margins[k], family);
      for (int i = 0; i < h.length; i++) {
        double margin = margins[k][i];
        double mean = family.mean(margin);
        double own = offsets == null ? margin : margin - offsets[i];
        double z = own + (block.labels()[i] - mean) * family.slope(mean);
        sums[0] += h[i];
        sums[1] += h[i] * z;
        sums[2] += h[i] * z * z;
      }
    }
    return sums;
  }

  private static double[] weights(Block block, double[] margins, LinkedFamily family) {
    double @Nullable [] weights = block.weights();
    double[] h = new double[margins.length];
    for (int i = 0; i < h.length; i++) {
      double own = family.weight(margins[i]);
      h[i] = weights == null ? own : weights[i] * own;
    }
    return h;
  }

  /** Σ h x xᵀ with a constant 1 as feature d, the upper triangle of a (d + 1)² matrix. */
  double[] gram() {
    LinkedFamily own = family;
    double[] at = parameters;
    return rows.sum(shard -> gram(shard, own, at), at.length * at.length);
  }

  private static double[] gram(Shard shard, LinkedFamily family, double[] parameters) {
    int d = whole(shard);
    double[] gram = new double[(d + 1) * (d + 1)];
    double[][] margins = PartitionPasses.margins(shard, parameters);
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      block.addGram(weights(block, margins[k], family), gram);
    }
    return gram;
  }

  /** So few features as normal equations take have their own numbers everywhere. */
  private static int whole(Shard shard) {
    if (shard.width() != shard.dimension()) {
      throw new IllegalStateException("features of a shard are numbered anew");
    }
    return shard.dimension();
  }
}
