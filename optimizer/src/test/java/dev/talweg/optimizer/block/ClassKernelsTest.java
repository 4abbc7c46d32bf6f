package dev.talweg.optimizer.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.talweg.optimizer.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products with K columns at once against K products with one, which BlockTest checks. */
class ClassKernelsTest {
  /** Rows around tiles of 128 and 16, features around strips of 128 and groups of 4. */
  private record Case(int rows, int features, int classes) {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int classes : new int[] {2, 3, 4, 5, 10, 16, 23}) {
      for (int rows : new int[] {0, 1, 3, 127, 130}) {
        cases.add(new Case(rows, 7, classes));
      }
      cases.add(new Case(37, 133, classes));
    }
    return cases;
  }

  private static double number(long seed, long k) {
    return 2 * CounterRandom.uniform(seed, k, 0, 0) - 1;
  }

  private static double[] numbers(long seed, int count) {
    double[] numbers = new double[count];
    for (int k = 0; k < count; k++) {
      numbers[k] = number(seed, k);
    }
    return numbers;
  }

  private static Block columns(Case c) {
    float[] numeric = new float[c.rows * (c.features - 2)];
    for (int k = 0; k < numeric.length; k++) {
      numeric[k] = (float) number(1, k);
    }
    int[] ids = new int[c.rows];
    for (int i = 0; i < c.rows; i++) {
      ids[i] = i % 3 == 0 ? -1 : c.features - 1 - i % 2;
    }
    return new ColumnBlock(
        c.rows, c.features, c.features - 2, numeric, 1, ids, new double[c.rows], null);
  }

  private static Block sparse(Case c, boolean ones) {
    int[] starts = new int[c.rows + 1];
    int[] indices = new int[c.rows * c.features];
    float[] values = new float[indices.length];
    int p = 0;
    for (int i = 0; i < c.rows; i++) {
      for (int j = 0; j < c.features; j++) {
        if (number(2, (long) i * c.features + j) > 0.2) {
          indices[p] = j;
          values[p++] = (float) number(3, p);
        }
      }
      starts[i + 1] = p;
    }
    return new CsrBlock(
        c.features, starts, indices, ones ? null : values, numbers(4, c.rows), null);
  }

  private static List<Block> blocks(Case c) {
    return List.of(columns(c), sparse(c, false), sparse(c, true));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void marginsOfManyClassesHaveTheBitsOfEachAlone(Case c) {
    double[] w = numbers(5, c.features * c.classes);
    for (Block block : blocks(c)) {
      int from = Math.min(1, c.rows);
      double[] margins = new double[(c.rows - from) * c.classes];
      block.addMargins(from, c.rows, w, c.classes, margins);
      for (int k = 0; k < c.classes; k++) {
        double[] alone = new double[c.rows - from];
        block.addMargins(from, c.rows, column(w, c.classes, k), alone);
        assertArrayEquals(alone, column(margins, c.classes, k), block.getClass() + ", class " + k);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsOfManyClassesHaveTheBitsOfEachAlone(Case c) {
    double[] r = numbers(6, c.rows * c.classes);
    for (Block block : blocks(c)) {
      double[] gradient = new double[c.features * c.classes];
      block.addTransposed(0, c.rows, r, c.classes, gradient);
      for (int k = 0; k < c.classes; k++) {
        double[] alone = new double[c.features];
        block.addTransposed(0, c.rows, column(r, c.classes, k), alone);
        assertArrayEquals(alone, column(gradient, c.classes, k), block.getClass() + ", " + k);
      }
    }
  }

  /** Dense blocks have a loop of their own for Gram matrices; the plain sum is the oracle. */
  @ParameterizedTest
  @MethodSource("cases")
  void aGramMatrixOfDenseRowsIsTheSumOfTheirSquares(Case c) {
    double[] h = numbers(7, c.rows);
    int width = c.features + 1;
    for (Block block : blocks(c)) {
      double[] gram = new double[width * width];
      block.addGram(h, gram);
      double[] plain = new double[width * width];
      for (int i = 0; i < c.rows; i++) {
        double[] x = Arrays.copyOf(block.row(i), width);
        x[width - 1] = 1;
        for (int j = 0; j < width; j++) {
          for (int k = j; k < width; k++) {
            plain[j * width + k] += h[i] * x[j] * x[k];
          }
        }
      }
      assertArrayEquals(plain, gram, block.getClass().getSimpleName());
    }
  }

  private static double[] column(double[] matrix, int classes, int k) {
    double[] column = new double[matrix.length / classes];
    for (int i = 0; i < column.length; i++) {
      column[i] = matrix[i * classes + k];
    }
    return column;
  }
}
