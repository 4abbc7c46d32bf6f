package dev.talweg.optimizer.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The active provider against the plain loops, bit by bit. The build runs this once per provider
 * and width of lanes.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KernelsTest {
  private static final ScalarKernels PLAIN = new ScalarKernels();

  private static final KernelSupport ACTIVE =
      KernelProvider.choose(System.getProperty(KernelProvider.PROPERTY, "auto"));

  /** Around multiples of 2, 4 and 8 lanes and of a strip. */
  static IntStream sizes() {
    return IntStream.concat(
        IntStream.rangeClosed(0, 35),
        IntStream.of(1023, 1024, 1025, 1031, 1032, 1033, 2047, 2048, 2049, 5000));
  }

  private static final double[] EXTREMES = {
    0.0,
    -0.0,
    1,
    -1,
    800,
    -800,
    708,
    -708,
    709,
    -709,
    1e-300,
    -1e-300,
    Double.MIN_VALUE,
    1e150,
    -1e150,
    Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  private static double[] margins(int size) {
    double[] margins = new double[size];
    Arrays.setAll(margins, i -> 40 * CounterRandom.uniform(3, i, 0, 0) - 20);
    for (int i = 0; i < size; i += 5) {
      margins[i] = EXTREMES[i / 5 % EXTREMES.length];
    }
    return margins;
  }

  private static double[] labels(int size) {
    double[] labels = new double[size];
    Arrays.setAll(labels, i -> CounterRandom.uniform(3, i, 1, 0) < 0.3 ? 1 : 0);
    return labels;
  }

  private static double @Nullable [] weights(int size, boolean given) {
    double[] weights = new double[size];
    Arrays.setAll(weights, i -> (i % 3) * CounterRandom.uniform(3, i, 2, 0));
    return given ? weights : null;
  }

  @Test
  @Order(1)
  void theProviderIsTheOneAskedFor() {
    String asked = System.getProperty(KernelProvider.PROPERTY, "auto");
    String bits = System.getProperty("talweg.kernels.bits", "");
    String name = asked.equals("vector") ? "vector " + bits : asked;
    assertTrue(Kernels.provider().startsWith(name), Kernels.provider());
    assertEquals(Kernels.provider(), ACTIVE.name());
    assertEquals(
        asked.equals("vector"),
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        "the scalar run is without the module");
  }

  @Test
  void aProviderThatCannotBeSaysWhatToDo() {
    assertEquals(
        "talweg.kernels is fast; it can be scalar, vector or auto",
        assertThrows(IllegalStateException.class, () -> KernelProvider.choose("fast"))
            .getMessage());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      assertEquals("scalar", KernelProvider.choose("auto").name());
      assertEquals(
          "talweg.kernels=vector needs a JVM started with --add-modules jdk.incubator.vector;"
              + " add that or leave the property away",
          assertThrows(IllegalStateException.class, () -> KernelProvider.choose("vector"))
              .getMessage());
    } else {
      assertEquals("auto: scalar", KernelProvider.choose("auto").name());
    }
  }

  @Test
  void aChangeOfLoopsDuringARunChangesNoBit() {
    AdaptiveKernels adaptive = new AdaptiveKernels(() -> ACTIVE, Long.MAX_VALUE);
    double[] before = margins(1000);
    double[] after = margins(1000);
    double[] losses = new double[1000];
    double[] others = new double[1000];
    adaptive.logisticSlopes(before, labels(1000), null, 0, 1000, losses, 0);
    assertEquals("auto: scalar", adaptive.name());
    adaptive.replace();
    assertEquals("auto: " + ACTIVE.name(), adaptive.name());
    adaptive.logisticSlopes(after, labels(1000), null, 0, 1000, others, 0);
    same(before, after);
    same(losses, others);
  }

  @Test
  void warmingUpEndsWithWhateverIsFaster() {
    AdaptiveKernels adaptive = new AdaptiveKernels(() -> ACTIVE, Long.MAX_VALUE);
    adaptive.warm(3);
    assertTrue(List.of("auto: scalar", "auto: " + ACTIVE.name()).contains(adaptive.name()));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void exponentialsAreThoseOfOneNumber(int size) {
    double[] x = margins(size);
    for (int i = 0; i < size; i++) {
      x[i] = -Math.abs(x[i]);
    }
    double[] expected = x.clone();
    PLAIN.expNonPositive(expected, 0, size);
    for (int i = 0; i < size; i++) {
      same(Exponentials.expNonPositive(x[i]), expected[i], i);
    }
    double[] log = expected.clone();
    Kernels.expNonPositive(x, size);
    same(expected, x);
    Kernels.log1pUnit(x, size);
    for (int i = 0; i < size; i++) {
      same(Exponentials.log1pUnit(log[i]), x[i], i);
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void logisticLoopsHaveTheBitsOfPlainOnes(int size) {
    for (boolean given : new boolean[] {false, true}) {
      double @Nullable [] weights = weights(size, given);
      for (int from : new int[] {0, size / 3}) {
        double[] labels = labels(size);
        double[] losses = new double[size];
        double[] expectedLosses = new double[size];
        ACTIVE.logisticLosses(margins(size), labels, weights, from, size, losses, 0);
        PLAIN.logisticLosses(margins(size), labels, weights, from, size, expectedLosses, 0);
        same(expectedLosses, losses);

        double[] slopes = margins(size);
        double[] expectedSlopes = margins(size);
        ACTIVE.logisticSlopes(slopes, labels, weights, from, size, losses, 0);
        PLAIN.logisticSlopes(expectedSlopes, labels, weights, from, size, expectedLosses, 0);
        same(expectedLosses, losses);
        same(expectedSlopes, slopes);

        double[] curvatures = margins(size);
        double[] expectedCurvatures = margins(size);
        ACTIVE.logisticCurvatures(curvatures, weights, from, size);
        PLAIN.logisticCurvatures(expectedCurvatures, weights, from, size);
        same(expectedCurvatures, curvatures);

        double[] both = margins(size);
        double[] second = margins(size);
        ACTIVE.logisticSlopesAndCurvatures(both, labels, weights, from, size, losses, 0, second);
        same(expectedLosses, losses);
        same(expectedSlopes, both);
        same(expectedCurvatures, second);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void columnsAreAddedInTheirOrder(int size) {
    for (int count = 0; count < 7; count++) {
      float[] columns = new float[size * count];
      for (int k = 0; k < columns.length; k++) {
        columns[k] = (float) (CounterRandom.uniform(5, k, 0, 0) - 0.5);
      }
      double[] w = new double[count];
      Arrays.setAll(w, j -> CounterRandom.uniform(5, j, 1, 0) - 0.5);
      int from = size / 4;
      double[] margins = margins(size - from);
      double[] plain = margins.clone();
      double[] expected = margins.clone();
      Kernels.addColumns(columns, size, count, from, size, w, margins);
      PLAIN.addColumns(columns, size, count, from, size, w, plain);
      for (int j = 0; j < count; j++) {
        for (int i = from; i < size; i++) {
          expected[i - from] += w[j] * columns[j * size + i];
        }
      }
      same(expected, margins);
      same(expected, plain);
    }
  }

  /**
   * Rows, steps, columns: around four rows and the sixteen that go by a panel, two vectors of any
   * width, and what is packed.
   */
  static Stream<int[]> shapes() {
    return Stream.of(
        new int[] {0, 3, 4},
        new int[] {1, 1, 1},
        new int[] {3, 2, 15},
        new int[] {4, 5, 16},
        new int[] {7, 63, 17},
        new int[] {9, 257, 34},
        new int[] {16, 9, 32},
        new int[] {37, 258, 35},
        new int[] {5, 65, 273});
  }

  private static boolean areZero(double[] a, int at, int rows, int row) {
    return IntStream.range(0, rows).allMatch(i -> a[at + i * row] == 0);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void productsOfMatricesAreAddedStepByStep(int[] shape) {
    int rows = shape[0];
    int steps = shape[1];
    int columns = shape[2];
    double[] a = margins(3 + rows * steps);
    double[] b = margins(5 + steps * columns);
    double[] start = margins(2 + rows * columns);
    for (boolean transposed : new boolean[] {false, true}) {
      int aRow = transposed ? 1 : steps;
      int aStep = transposed ? rows : 1;
      for (int k = 3; k < a.length; k += 3) { // whole fours among them
        Arrays.fill(a, k, Math.min(a.length, k + (k % 4 == 0 ? 7 : 1)), k % 2 == 0 ? 0 : -0.0);
      }
      double[] expected = start.clone();
      for (int i = 0; i < rows; i++) {
        for (int k = 0; k < columns; k++) {
          for (int t = 0; t < steps; t++) {
            int first = i - i % 4;
            if (areZero(a, 3 + first * aRow + t * aStep, Math.min(4, rows - first), aRow)) {
              continue;
            }
            expected[2 + i * columns + k] += a[3 + i * aRow + t * aStep] * b[5 + t * columns + k];
          }
        }
      }
      double[] plain = start.clone();
      double[] active = start.clone();
      double[] checked = start.clone();
      PLAIN.addProduct(a, 3, aRow, aStep, b, 5, plain, 2, rows, steps, columns);
      ACTIVE.addProduct(a, 3, aRow, aStep, b, 5, active, 2, rows, steps, columns);
      Kernels.addProduct(a, 3, aRow, aStep, b, 5, checked, 2, rows, steps, columns);
      same(expected, plain);
      same(expected, active);
      same(expected, checked);
    }
  }

  /** Around one, two and three vectors of any width, and sixteen. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 16, 17, 20, 24, 35})
  void sparseRowsAreAddedEntryByEntryToEachClass(int classes) {
    int features = 11;
    int rows = 9;
    int from = 2;
    int[] starts = new int[rows + 1];
    int[] indices = new int[rows * features];
    float[] x = new float[indices.length];
    int p = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < features && i != 4; j++) { // one row has no entry
        if (CounterRandom.uniform(8, i, j, 0) < 0.6) {
          indices[p] = j;
          x[p++] = (float) (CounterRandom.uniform(9, i, j, 0) - 0.5);
        }
      }
      starts[i + 1] = p;
    }
    double[] w = margins(features * classes);
    double[] r = margins((rows - from) * classes + 3);
    double[] expected = r.clone();
    double[] expectedGradient = w.clone();
    for (int i = from; i < rows; i++) {
      for (int q = starts[i]; q < starts[i + 1]; q++) {
        for (int k = 0; k < classes; k++) {
          expected[(i - from) * classes + k] += x[q] * w[indices[q] * classes + k];
          expectedGradient[indices[q] * classes + k] += x[q] * r[(i - from) * classes + k];
        }
      }
    }
    for (KernelSupport kernels : List.of(PLAIN, ACTIVE)) {
      double[] sums = r.clone();
      kernels.addRows(starts, indices, x, from, rows, w, classes, sums);
      same(expected, sums);
      double[] gradient = w.clone();
      kernels.addRowsTransposed(starts, indices, x, from, rows, r, classes, gradient);
      same(expectedGradient, gradient);
    }
    double[] sums = r.clone();
    Kernels.addRows(starts, indices, x, from, rows, w, classes, sums);
    same(expected, sums);
    double[] gradient = w.clone();
    Kernels.addRowsTransposed(starts, indices, x, from, rows, r, classes, gradient);
    same(expectedGradient, gradient);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void aSumIsThatOfEightLanesAStrip(int size) {
    double[] terms = new double[size];
    Arrays.setAll(terms, i -> CounterRandom.uniform(7, i, 0, 0) - 0.3);
    double expected = 0;
    for (int from = 0; from < size; from += 1024) {
      int until = Math.min(size, from + 1024);
      int whole = from + (until - from) / 8 * 8;
      double[] lanes = new double[8];
      for (int i = from; i < whole; i++) {
        lanes[i % 8] += terms[i];
      }
      double strip =
          ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
              + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
      for (int i = whole; i < until; i++) {
        strip += terms[i];
      }
      expected += strip;
    }
    same(expected, Kernels.sum(terms, size), size);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void aValueIsTheSumOfItsLosses(int size) {
    double[] margins = new double[size];
    Arrays.setAll(margins, i -> 40 * CounterRandom.uniform(3, i, 0, 0) - 20);
    double[] labels = labels(size);
    for (boolean given : new boolean[] {false, true}) {
      double @Nullable [] weights = weights(size, given);
      double[] losses = new double[size];
      PLAIN.logisticLosses(margins, labels, weights, 0, size, losses, 0);
      double expected = Kernels.sum(losses, size);
      same(expected, Kernels.logisticValue(margins, labels, weights, size), size);
      same(expected, Kernels.logisticSlopes(margins.clone(), labels, weights, size), size);
      same(
          expected,
          Kernels.logisticSlopesAndCurvatures(
              margins.clone(), labels, weights, size, new double[size]),
          size);
    }
  }

  @Test
  void whatDoesNotFitIsRefusedWithBothNumbers() {
    assertEquals(
        "3 entries of an array of 2",
        assertThrows(
                IllegalArgumentException.class,
                () -> Kernels.logisticValue(new double[3], new double[2], null, 3))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Kernels.addColumns(new float[5], 3, 2, 0, 3, new double[2], new double[3]));
    assertThrows(
        IllegalArgumentException.class,
        () -> Kernels.addColumns(new float[6], 3, 2, 0, 4, new double[2], new double[4]));
    double[] six = new double[6];
    assertEquals(
        "2 × 3 numbers of an array of 6",
        assertThrows(
                IllegalArgumentException.class,
                () -> Kernels.addProduct(six, 1, 3, 1, six, 0, six, 0, 2, 3, 2))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Kernels.addProduct(six, 0, 3, 1, six, 1, six, 0, 2, 3, 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> Kernels.addProduct(six, 0, 3, 1, six, 0, six, 3, 2, 3, 2));
    int[] starts = {0, 1, 3};
    int[] indices = {0, 1, 2};
    float[] x = new float[3];
    assertThrows(
        IllegalArgumentException.class,
        () -> Kernels.addRows(starts, indices, x, 0, 3, six, 2, new double[4]));
    assertThrows(
        IllegalArgumentException.class,
        () -> Kernels.addRows(starts, indices, x, 0, 2, six, 2, new double[3]));
    assertThrows(
        IllegalArgumentException.class,
        () -> Kernels.addRowsTransposed(starts, indices, new float[2], 0, 2, six, 2, six));
  }

  private static void same(double[] expected, double[] actual) {
    assertArrayEquals(bits(expected), bits(actual));
  }

  private static void same(double expected, double actual, int index) {
    assertEquals(bits(expected), bits(actual), "at " + index);
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(KernelsTest::bits).toArray();
  }

  /** Raw bits, but that a NaN is a NaN: its payload is the processor's. */
  private static long bits(double value) {
    return Double.doubleToLongBits(value);
  }
}
