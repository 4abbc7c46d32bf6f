package dev.talweg.optimizer.block;

import dev.talweg.optimizer.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows like those of the click set: 13 real features, each missing with probability 0.3, and 26
 * one-hot ones of 10 to 10⁶ levels, skewed as u⁴ and hashed into the dimension. Simulated.
 *
 * @param blocks as rows
 * @param entries non-zeros in all
 */
public record ClickRows(List<Block> blocks, long entries) {
  private static final int NUMERIC = 13;
  private static final int CATEGORICAL = 26;
  private static final int BLOCK = 32_768;

  /** Whether entries have values, or all are 1. */
  public enum Values {
    REAL,
    NONE
  }

  /** Blocks as ingest makes them of a vector column. */
  public static ClickRows of(int rows, int dimension, Values kind) {
    List<Block> blocks = new ArrayList<>();
    long entries = 0;
    for (int first = 0; first < rows; first += BLOCK) {
      CsrBlock block = block(first, Math.min(BLOCK, rows - first), dimension, kind);
      entries += block.entries();
      blocks.add(block);
    }
    return new ClickRows(blocks, entries);
  }

  private static CsrBlock block(int first, int rows, int dimension, Values kind) {
    int[] starts = new int[rows + 1];
    int[] indices = new int[rows * (NUMERIC + CATEGORICAL)];
    float[] values = new float[indices.length];
    double[] labels = new double[rows];
    int[] levels = new int[CATEGORICAL];
    int p = 0;
    for (int i = 0; i < rows; i++) {
      long row = first + i;
      labels[i] = CounterRandom.uniform(row, 0, 0, 0) < 0.25 ? 1 : 0;
      for (int j = 0; j < NUMERIC; j++) {
        if (CounterRandom.uniform(row, 1, j, 0) >= 0.3) {
          indices[p] = j;
          values[p++] = (float) (3 * CounterRandom.uniform(row, 2, j, 0));
        }
      }
      for (int f = 0; f < CATEGORICAL; f++) {
        double u = CounterRandom.uniform(row, 3, f, 0);
        int category = (int) ((int) Math.pow(10, 1 + f % 6) * u * u * u * u);
        long hash = (f * 1000003L + category) * 0x9E3779B97F4A7C15L;
        levels[f] = NUMERIC + (int) ((hash >>> 33) % (dimension - NUMERIC));
      }
      Arrays.sort(levels);
      for (int f = 0; f < CATEGORICAL; f++) {
        if (f == 0 || levels[f] != levels[f - 1]) {
          indices[p] = levels[f];
          values[p++] = 1;
        }
      }
      starts[i + 1] = p;
    }
    return new CsrBlock(
        dimension,
        starts,
        Arrays.copyOf(indices, p),
        kind == Values.NONE ? null : Arrays.copyOf(values, p),
        labels,
        null);
  }

  /**
   * A shard of these rows.
   *
   * @param layout rows, chunks, or auto: what training takes
   */
  public Shard shard(int dimension, String layout) {
    return switch (layout) {
      case "rows" -> Shard.compact(blocks, dimension, Integer.MAX_VALUE);
      case "chunks" -> Shard.compact(blocks, dimension, 0);
      default -> Shard.compact(blocks, dimension);
    };
  }

  /** The rows of the first chunk, sorted by feature. */
  public static Object chunk(ClickRows rows, int dimension) {
    List<CsrBlock> first = new ArrayList<>();
    for (Block block : rows.blocks.subList(0, Math.min(2, rows.blocks.size()))) {
      first.add((CsrBlock) block);
    }
    return new ChunkSort(dimension).chunk(first);
  }
}
