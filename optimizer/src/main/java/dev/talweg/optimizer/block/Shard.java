package dev.talweg.optimizer.block;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
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

  /**
   * From so many features in 65,536 rows on, rows by feature are the faster layout:
   * docs/decisions/0009.
   */
  private static final int MANY = 65_536;

  /** With the model's numbers. */
  public static Shard of(List<Block> blocks, int dimension) {
    return new Shard(blocks, dimension, null);
  }

  /** Numbers the features anew, and stores rows by feature, where that gains something. */
  public static Shard compact(List<Block> blocks, int dimension) {
    return compact(blocks, dimension, MANY);
  }

  /** The same, by feature from {@code many} features in a chunk on. */
  static Shard compact(List<Block> blocks, int dimension, int many) {
    if (dimension <= FEW) {
      return of(blocks, dimension);
    }
    List<Block> laidOut = chunked(blocks, dimension, many);
    long[] seen = new long[(dimension + 63) >>> 6];
    laidOut.forEach(block -> block.mark(seen));
    Ranks ranks = new Ranks(seen);
    if (ranks.count() > 0.75 * dimension) {
      return of(laidOut, dimension);
    }
    return new Shard(
        laidOut.stream().map(block -> block.renumbered(ranks, ranks.count())).toList(),
        dimension,
        ranks.members());
  }

  /** Joins sparse rows to chunks, each laid out by feature where that gains something. */
  private static List<Block> chunked(List<Block> blocks, int dimension, int many) {
    if (dimension < many) {
      return blocks;
    }
    List<Block> laidOut = new ArrayList<>();
    List<CsrBlock> joined = new ArrayList<>();
    Chunks chunks = new Chunks(dimension, many);
    int rows = 0;
    for (Block block : blocks) {
      boolean fits = block instanceof CsrBlock && block.rows() <= ChunkBlock.ROWS;
      if (!fits || rows + block.rows() > ChunkBlock.ROWS) {
        laidOut.addAll(chunks.of(joined));
        joined.clear();
        rows = 0;
      }
      if (fits && block instanceof CsrBlock sparse) {
        joined.add(sparse);
        rows += block.rows();
      } else {
        laidOut.add(block);
      }
    }
    laidOut.addAll(chunks.of(joined));
    return laidOut;
  }

  /**
   * Lays chunks out by feature where they touch many. How many, sorting tells; after a chunk that
   * was sorted in vain, the features of the next ones are counted first.
   */
  private static final class Chunks {
    private final ChunkSort sort;
    private final int many;
    private final long[] seen;
    private boolean pays = true; // the chunk before

    Chunks(int dimension, int many) {
      this.sort = new ChunkSort(dimension);
      this.many = many;
      this.seen = new long[(dimension + 63) >>> 6];
    }

    List<Block> of(List<CsrBlock> joined) {
      if (joined.isEmpty() || (!pays && features(joined) < many)) {
        return List.copyOf(joined);
      }
      ChunkBlock chunk = sort.chunk(joined);
      pays = chunk.width() >= many;
      return pays ? List.of(chunk) : List.copyOf(joined);
    }

    private long features(List<CsrBlock> joined) {
      Arrays.fill(seen, 0);
      joined.forEach(block -> block.mark(seen));
      return Arrays.stream(seen).map(Long::bitCount).sum();
    }
  }

  /** How many features the blocks number. */
  public int width() {
    return touched == null ? dimension : touched.length;
  }

  /** Number of rows. */
  public long rows() {
    return blocks.stream().mapToLong(Block::rows).sum();
  }

  /** Memory that the blocks hold. */
  public long bytes() {
    return blocks.stream().mapToLong(Block::bytes).sum();
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

  /** A block of this shard with the model's numbers, laid out for picking rows. */
  public Block expanded(Block block) {
    int[] from = touched;
    return from == null
        ? block.rowwise()
        : block.renumbered((features, count) -> model(from, features, count), dimension).rowwise();
  }

  private static int[] model(int[] touched, int[] features, int count) {
    int[] numbers = new int[count];
    for (int p = 0; p < count; p++) {
      numbers[p] = features[p] < 0 ? -1 : touched[features[p]];
    }
    return numbers;
  }
}
