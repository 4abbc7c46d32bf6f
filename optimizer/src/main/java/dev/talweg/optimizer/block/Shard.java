package dev.talweg.optimizer.block;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one partition.
 *
 * <p>Where they touch few of many features, the blocks number only those: feature k of the blocks
 * is feature {@code touched[k]} of the model. Weights are then gathered once a pass and a gradient
 * has an entry per feature touched, so that a pass works in a cache's size (twice as fast as with
 * the model's numbers at a million features: docs/decisions/0005) and what goes over the wire is
 * what was touched. Orders are kept, so sums have the same bits either way.
 *
 * @param dimension features of the model, d
 * @param touched ascending; null where the blocks' numbers are the model's
 */
public record Shard(List<Block> blocks, int dimension, int @Nullable [] touched)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Below this many features, numbering them anew gains nothing: 64 KiB of weights. */
  private static final int FEW = 8192;

  /** With the model's numbers. */
  public static Shard of(List<Block> blocks, int dimension) {
    return new Shard(blocks, dimension, null);
  }

  /** Numbers the features anew where that gains something. */
  public static Shard compact(List<Block> blocks, int dimension) {
    if (dimension <= FEW) {
      return of(blocks, dimension);
    }
    long[] seen = new long[(dimension + 63) >>> 6];
    blocks.forEach(block -> block.mark(seen));
    int count = 0;
    for (long word : seen) {
      count += Long.bitCount(word);
    }
    if (count > 0.75 * dimension) {
      return of(blocks, dimension);
    }
    int[] touched = new int[count];
    int[] numbers = new int[dimension];
    int next = 0;
    for (int j = 0; j < dimension; j++) {
      if (((seen[j >>> 6] >>> j) & 1) != 0) {
        numbers[j] = next;
        touched[next++] = j;
      }
    }
    return new Shard(
        blocks.stream().map(block -> block.renumbered(numbers, touched.length)).toList(),
        dimension,
        touched);
  }

  /** How many features the blocks number. */
  public int width() {
    return touched == null ? dimension : touched.length;
  }

  /** Number of rows. */
  public long rows() {
    return blocks.stream().mapToLong(Block::rows).sum();
  }

  /**
   * The parameters as the blocks number them: the weights of the features touched, then whatever
   * follows the d weights.
   */
  public double[] gather(double[] parameters) {
    int[] from = touched;
    if (from == null) {
      return parameters;
    }
    if (parameters.length < dimension) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d parameters for %d", parameters.length, dimension));
    }
    double[] gathered = new double[from.length + parameters.length - dimension];
    for (int k = 0; k < from.length; k++) {
      gathered[k] = parameters[from[k]];
    }
    System.arraycopy(parameters, dimension, gathered, from.length, parameters.length - dimension);
    return gathered;
  }

  /** The same where each feature has K weights, side by side. */
  public double[] gather(double[] parameters, int classes) {
    int[] from = touched;
    if (from == null) {
      return parameters;
    }
    int rest = parameters.length - dimension * classes;
    if (rest < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d parameters for %d features of %d classes",
              parameters.length,
              dimension,
              classes));
    }
    double[] gathered = new double[from.length * classes + rest];
    for (int j = 0; j < from.length; j++) {
      System.arraycopy(parameters, from[j] * classes, gathered, j * classes, classes);
    }
    System.arraycopy(parameters, dimension * classes, gathered, from.length * classes, rest);
    return gathered;
  }

  /** A block of this shard with the model's numbers. */
  public Block expanded(Block block) {
    return touched == null ? block : block.renumbered(touched, dimension);
  }
}
