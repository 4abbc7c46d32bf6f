package dev.talweg.optimizer.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockTest {
  /** A table of random rows, once by columns and once as compressed rows. */
  private record Twins(ColumnBlock columns, CsrBlock rows) {
    static Twins of(long seed, int rows, int numeric, int fields) {
      Random random = new Random(seed);
      int levels = 3;
      int dimension = numeric + fields * levels;
      float[] values = new float[rows * numeric];
      int[] ids = new int[rows * fields];
      int[] starts = new int[rows + 1];
      int[] indices = new int[rows * (numeric + fields)];
      float[] sparse = new float[indices.length];
      double[] labels = new double[rows];
      int p = 0;
      for (int i = 0; i < rows; i++) {
        labels[i] = random.nextInt(2);
        for (int j = 0; j < numeric; j++) {
          values[j * rows + i] = (float) random.nextGaussian();
          indices[p] = j;
          sparse[p++] = values[j * rows + i];
        }
        for (int f = 0; f < fields; f++) {
          int level = random.nextInt(levels + 1) - 1;
          ids[f * rows + i] = level < 0 ? -1 : numeric + f * levels + level;
          if (level >= 0) {
            indices[p] = ids[f * rows + i];
            sparse[p++] = 1;
          }
        }
        starts[i + 1] = p;
      }
      return new Twins(
          new ColumnBlock(rows, dimension, numeric, values, fields, ids, labels, null),
          new CsrBlock(dimension, starts, indices, sparse, labels, null));
    }
  }

  @Property(tries = 200)
  void everyKernelIsTheDenseArithmetic(
      @ForAll long seed,
      @ForAll @IntRange(max = 20) int rows,
      @ForAll @IntRange(max = 4) int numeric,
      @ForAll @IntRange(max = 3) int fields) {
    Twins twins = Twins.of(seed, rows, numeric, fields);
    check(twins.columns(), seed);
    check(twins.rows(), seed);
    for (int i = 0; i < rows; i++) {
      assertArrayEquals(twins.columns().row(i), twins.rows().row(i));
    }
  }

  /** Sums of at most 20 terms of size about 1: rounding below 20 · 20 · 2⁻⁵³ · 10 = 5e-13. */
  private static final double ROUNDING = 5e-13;

  private static void check(Block block, long seed) {
    Random random = new Random(seed);
    int d = block.dimension();
    int from = block.rows() / 3;
    int until = block.rows();
    double[] w = random.doubles(d).toArray();
    double[] multipliers = random.doubles(until - from).toArray();
    double[] margins = new double[until - from];
    double[] gradient = new double[d];
    block.addMargins(from, until, w, margins);
    block.addTransposed(from, until, multipliers, gradient);
    double[] expectedGradient = new double[d];
    for (int i = from; i < until; i++) {
      double margin = 0;
      for (int j = 0; j < d; j++) {
        margin += w[j] * block.row(i)[j];
        expectedGradient[j] += multipliers[i - from] * block.row(i)[j];
      }
      assertEquals(margin, margins[i - from], ROUNDING);
    }
    assertArrayEquals(expectedGradient, gradient, ROUNDING);

    told(block, from, until);

    double[] h = random.doubles(block.rows()).toArray();
    double[] squares = new double[d];
    double[] gram = new double[(d + 1) * (d + 1)];
    block.addSquares(h, squares);
    block.addGram(h, gram);
    for (int j = 0; j <= d; j++) {
      for (int k = j; k <= d; k++) {
        double expected = 0;
        for (int i = 0; i < block.rows(); i++) {
          double xj = j == d ? 1 : block.row(i)[j];
          double xk = k == d ? 1 : block.row(i)[k];
          expected += h[i] * xj * xk;
        }
        assertEquals(expected, gram[j * (d + 1) + k], ROUNDING);
      }
      if (j < d) {
        assertEquals(gram[j * (d + 1) + j], squares[j], ROUNDING);
      }
    }
  }

  /** What is told of all features but the first and the last, and what is left without them. */
  private static void told(Block block, int from, int until) {
    int d = block.dimension();
    double[][] told = new double[until - from][d];
    block.visit(from, until, 1, d - 1, (row, feature, value) -> told[row][feature] += value);
    for (int i = from; i < until; i++) {
      double[] row = block.row(i);
      for (int j = 0; j < d; j++) {
        assertEquals(j >= 1 && j < d - 1 ? row[j] : 0, told[i - from][j]);
      }
    }
    if (d < 10) {
      return; // every field is beside another one
    }
    int last = d - 3;
    Block kept = block.kept((features, count) -> without(features, count, last - 3), d - 3);
    for (int i = 0; i < block.rows(); i++) {
      double[] row = block.row(i);
      System.arraycopy(row, last, row, last - 3, 3);
      assertArrayEquals(Arrays.copyOf(row, d - 3), kept.row(i));
    }
  }

  /** Three features less. */
  private static int[] without(int[] features, int count, int first) {
    int[] numbers = Arrays.copyOf(features, count);
    for (int p = 0; p < count; p++) {
      if (features[p] >= first) {
        numbers[p] = features[p] < first + 3 ? -1 : features[p] - 3;
      }
    }
    return numbers;
  }

  @Test
  void aFeatureOutsideTheDimensionIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ColumnBlock(1, 2, 1, new float[1], 1, new int[] {2}, new double[1], null));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CsrBlock(2, new int[] {0, 1}, new int[] {2}, null, new double[1], null));
  }

  @Test
  void lengthsThatDifferAreRefusedWithBothNumbers() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new CsrBlock(2, new int[] {0, 0}, new int[0], null, new double[3], null))
            .getMessage();
    assertEquals("lengths differ: 3 labels and 1 weights for 1 rows", message);
  }

  @Test
  void unsortedFeaturesOfARowAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new CsrBlock(3, new int[] {0, 2}, new int[] {1, 1}, null, new double[1], null));
  }
}
