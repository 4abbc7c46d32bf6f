package dev.talweg.optimizer.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows by feature against the same rows as rows: every number in the same bits. */
class ChunkBlockTest {
  /** What the values of features are. */
  private enum Kind {
    NONE_KEPT,
    ALL_ONE,
    NUMBERS,
    MIXED,
    ZEROS_TOO
  }

  private static CsrBlock rows(long seed, int rows, int dimension, Kind kind, boolean weighted) {
    List<TreeMap<Integer, Float>> table = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      TreeMap<Integer, Float> row = new TreeMap<>();
      int count = i % 7 == 3 ? 0 : (int) (9 * CounterRandom.uniform(seed, i, 0, 0));
      for (int k = 0; k < count; k++) {
        double u = CounterRandom.uniform(seed, i, 1, k);
        int feature = (int) (dimension * u * u * u);
        row.put(feature, value(kind, feature, CounterRandom.uniform(seed, i, 2, k)));
      }
      table.add(row);
    }
    int[] starts = new int[rows + 1];
    for (int i = 0; i < rows; i++) {
      starts[i + 1] = starts[i] + table.get(i).size();
    }
    int[] indices = new int[starts[rows]];
    float[] values = new float[starts[rows]];
    int p = 0;
    for (TreeMap<Integer, Float> row : table) {
      for (var entry : row.entrySet()) {
        indices[p] = entry.getKey();
        values[p++] = entry.getValue();
      }
    }
    double[] labels = new double[rows];
    double[] weights = new double[rows];
    Arrays.setAll(labels, i -> CounterRandom.uniform(seed, i, 3, 0));
    Arrays.setAll(weights, i -> CounterRandom.uniform(seed, i, 4, 0));
    return new CsrBlock(
        dimension,
        starts,
        indices,
        kind == Kind.NONE_KEPT ? null : values,
        labels,
        weighted ? weights : null);
  }

  private static float value(Kind kind, int feature, double u) {
    return switch (kind) {
      case NONE_KEPT, ALL_ONE -> 1;
      case NUMBERS -> (float) (u - 0.5);
      case MIXED -> feature % 3 == 0 ? (float) (u - 0.5) : 1;
      case ZEROS_TOO -> u < 0.3 ? 0 : u < 0.5 ? -0f : u < 0.8 ? 1 : (float) u;
    };
  }

  @Property(tries = 300)
  void everyOperationHasTheBitsOfRows(
      @ForAll long seed,
      @ForAll @IntRange(max = 200) int count,
      @ForAll @IntRange(min = 1, max = 30) int bits,
      @ForAll Kind kind,
      @ForAll boolean weighted) {
    int dimension = bits < 8 ? 1 << bits : 1 << (8 + bits % 4);
    CsrBlock rows = rows(seed, count, dimension, kind, weighted);
    ChunkBlock chunk = new ChunkSort(dimension).chunk(List.of(rows));
    sameProducts(rows, chunk, seed);
    double[] h = uniform(seed, 5, count);
    double[] squares = uniform(seed, 6, dimension);
    double[] others = squares.clone();
    rows.addSquares(h, squares);
    chunk.addSquares(h, others);
    same(squares, others);
    double[] moments = uniform(seed, 7, 3 * dimension);
    others = moments.clone();
    rows.addMoments(moments);
    chunk.addMoments(others);
    same(moments, others);
    assertEquals(rows.entries(), chunk.entries(0, count));
    assertEquals(rows.entries(count / 2, count), chunk.entries(count / 2, count));
    if (dimension <= 64) {
      double[] gram = uniform(seed, 8, (dimension + 1) * (dimension + 1));
      others = gram.clone();
      rows.addGram(h, gram);
      chunk.addGram(h, others);
      same(gram, others);
    }
    long[] seen = new long[dimension / 64 + 1];
    long[] marked = seen.clone();
    rows.mark(seen);
    chunk.mark(marked);
    assertArrayEquals(seen, marked);
    sameRows(rows, chunk.rowwise());
    int[] picked = {count - 1, 0, count / 2, 0};
    if (count > 0) {
      sameRows((CsrBlock) rows.select(picked), (CsrBlock) chunk.select(picked));
      int[] once =
          IntStream.range(0, count).filter(i -> i % 3 != 1).map(i -> count - 1 - i).toArray();
      sameRows((CsrBlock) rows.select(once), (CsrBlock) chunk.select(once));
      same(rows.row(count / 2), chunk.row(count / 2));
    }
  }

  private static void sameProducts(Block rows, Block chunk, long seed) {
    double[] w = uniform(seed, 9, rows.dimension());
    int count = rows.rows();
    for (int[] range : new int[][] {{0, count}, {count / 3, count}, {0, count / 2}}) {
      int size = range[1] - range[0];
      double[] margins = uniform(seed, 10, size);
      double[] others = margins.clone();
      rows.addMargins(range[0], range[1], w, margins);
      chunk.addMargins(range[0], range[1], w, others);
      same(margins, others);
      double[] gradient = uniform(seed, 11, rows.dimension());
      double[] multipliers = uniform(seed, 12, size);
      others = gradient.clone();
      rows.addTransposed(range[0], range[1], multipliers, gradient);
      chunk.addTransposed(range[0], range[1], multipliers, others);
      same(gradient, others);
    }
  }

  private static double[] uniform(long seed, int stream, int size) {
    double[] values = new double[size];
    Arrays.setAll(values, i -> CounterRandom.uniform(seed, i, stream, 0) - 0.5);
    return values;
  }

  private static void same(double[] expected, double[] actual) {
    assertArrayEquals(
        Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray(),
        Arrays.stream(actual).mapToLong(Double::doubleToRawLongBits).toArray());
  }

  private static void sameRows(CsrBlock expected, CsrBlock actual) {
    assertArrayEquals(expected.starts(), actual.starts());
    assertArrayEquals(expected.indices(), actual.indices());
    same(expected.labels(), actual.labels());
    for (int p = 0; p < expected.entries(); p++) {
      float[] values = expected.values();
      float[] others = actual.values();
      float x = values == null ? 1 : values[p];
      float y = others == null ? 1 : others[p];
      assertEquals(Float.floatToRawIntBits(x), Float.floatToRawIntBits(y));
    }
    assertEquals(expected.weights() == null, actual.weights() == null);
  }

  @Property(tries = 20)
  void oneSortServesManyChunksOfAnyDimension(@ForAll long seed) {
    for (int dimension : new int[] {1, 2, 1000, 70_000, 1 << 20, (1 << 24) + 5, 1 << 28}) {
      ChunkSort sort = new ChunkSort(dimension);
      for (int count : new int[] {50, 3, 80}) {
        CsrBlock rows = rows(seed + count, count, dimension, Kind.MIXED, false);
        sameRows(rows, sort.chunk(List.of(rows)).rowwise());
      }
    }
  }

  @Property(tries = 30)
  void joinedBlocksAreOneAfterTheOther(@ForAll long seed) {
    CsrBlock first = rows(seed, 40, 300, Kind.NONE_KEPT, false);
    CsrBlock second = rows(seed + 1, 25, 300, Kind.MIXED, true);
    ChunkBlock chunk = new ChunkSort(300).chunk(List.of(first, second));
    double[] w = uniform(seed, 0, 300);
    double[] margins = new double[65];
    chunk.addMargins(0, 65, w, margins);
    double[] one = new double[40];
    double[] two = new double[25];
    first.addMargins(0, 40, w, one);
    second.addMargins(0, 25, w, two);
    same(Stream.of(one, two).flatMapToDouble(Arrays::stream).toArray(), margins);
    double @Nullable [] weights = chunk.weights();
    assertNotNull(weights, "a block without weights has weights of 1 beside one with");
    assertEquals(1, weights[39]);
    double @Nullable [] own = second.weights();
    assertNotNull(own);
    assertEquals(own[0], weights[40]);
  }

  @Test
  void featuresThatAreAlwaysOneKeepNoValues() {
    long numbers = sorted(Kind.NUMBERS).bytes();
    long mixed = sorted(Kind.MIXED).bytes();
    long ones = sorted(Kind.ALL_ONE).bytes();
    assertEquals(ones, sorted(Kind.NONE_KEPT).bytes());
    CsrBlock rows = rows(1, 100, 300, Kind.NUMBERS, false);
    int borders = 4; // a run without values needs the end of an empty one with values before it
    assertEquals(4L * rows.entries() - borders, numbers - ones);
    assertTrue(ones < mixed && mixed < numbers);
  }

  private static ChunkBlock sorted(Kind kind) {
    return new ChunkSort(300).chunk(List.of(rows(1, 100, 300, kind, false)));
  }

  @Test
  void aChunkHoldsAsManyRowsAsSixteenBitsCount() {
    int rows = ChunkBlock.ROWS;
    int[] starts = new int[rows + 1];
    int[] indices = new int[rows];
    Arrays.setAll(starts, i -> i);
    Arrays.setAll(indices, i -> i % 3);
    CsrBlock block = new CsrBlock(3, starts, indices, null, new double[rows], null);
    ChunkBlock chunk = new ChunkSort(3).chunk(List.of(block));
    sameProducts(block, chunk, 4);
    sameRows(block, chunk.rowwise());
  }

  /** 70,000 features in use, each in a few of the rows. */
  private static CsrBlock wide(int rows, int first) {
    int perRow = 8;
    int[] starts = new int[rows + 1];
    int[] indices = new int[rows * perRow];
    float[] values = new float[indices.length];
    double[] labels = new double[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i & 1;
      starts[i + 1] = starts[i] + perRow;
      for (int k = 0; k < perRow; k++) {
        int at = i * perRow + k;
        indices[at] = 20_000 * k + (int) ((first + i) * 7919L % 20_000);
        values[at] = k < 2 ? (first + i) % 11 * 0.3f : 1;
      }
    }
    return new CsrBlock(400_000, starts, indices, values, labels, null);
  }

  @Test
  void aShardOfManyFeaturesIsStoredByFeatureAndOfFewByRow() {
    List<Block> many = List.of(wide(30_000, 0), wide(30_000, 30_000), wide(30_000, 60_000));
    Shard shard = Shard.compact(many, 400_000);
    assertEquals(2, shard.blocks().size(), "two blocks of 30,000 rows fit a chunk, three do not");
    assertInstanceOf(ChunkBlock.class, shard.blocks().get(0));
    assertEquals(90_000, shard.rows());
    assertEquals(160_000, shard.width());
    List<Block> few = List.of(wide(500, 0), wide(500, 500));
    assertEquals(2, Shard.compact(few, 400_000).blocks().size());
    assertInstanceOf(CsrBlock.class, Shard.compact(few, 400_000).blocks().get(0));
    assertNull(Shard.compact(few, 5_000).touched());
    CsrBlock expanded = (CsrBlock) shard.expanded(shard.blocks().get(1));
    sameRows(wide(30_000, 60_000), expanded);
  }
}
