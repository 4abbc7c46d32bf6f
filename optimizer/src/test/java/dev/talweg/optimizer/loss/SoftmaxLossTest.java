package dev.talweg.optimizer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.random.CounterRandom;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxLossTest {
  private static final int CLASSES = 4;
  private static final SoftmaxLoss LOSS = new SoftmaxLoss(CLASSES);
  private static final double H = 0x1p-17;

  private record Golden(double[] logits, double[] losses, double[] gradient) {}

  private static double[] numbers(String text) {
    return Arrays.stream(text.strip().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  static List<Golden> goldens() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    SoftmaxLossTest.class.getResourceAsStream("/goldens/softmax.csv")),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(";", -1))
          .map(parts -> new Golden(numbers(parts[0]), numbers(parts[1]), numbers(parts[2])))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void itHasTheDigitsOfArbitraryPrecision(Golden golden) {
    SoftmaxLoss loss = new SoftmaxLoss(golden.logits.length);
    for (int k = 0; k < golden.losses.length; k++) {
      double value = loss.value(golden.logits, new double[] {k}, null, 1);
      // two exponentials of 2 ulp, their sum, a logarithm; below 1e-300 exponentials are cut to 0
      assertEquals(golden.losses[k], value, 8 * Math.ulp(golden.losses[k]) + 1e-300);
    }
    double[] gradient = golden.logits.clone();
    loss.differentiate(gradient, new double[] {0}, null, 1);
    for (int k = 0; k < gradient.length; k++) {
      // p − 1 cancels to a rounding of 1
      assertEquals(golden.gradient[k], gradient[k], 4 * Math.ulp(1.0), "class " + k);
    }
  }

  static Stream<double[]> points() {
    return Stream.iterate(0, n -> n + 1)
        .limit(100)
        .map(
            n -> {
              double[] z = new double[CLASSES];
              for (int k = 0; k < CLASSES; k++) {
                z[k] = 10 * CounterRandom.uniform(5, n, k, 0) - 5;
              }
              return z;
            });
  }

  private static double value(double[] z, int label) {
    return LOSS.value(z, new double[] {label}, null, 1);
  }

  @ParameterizedTest
  @MethodSource("points")
  void theGradientIsThatOfFiniteDifferences(double[] z) {
    for (int label = 0; label < CLASSES; label++) {
      double[] gradient = z.clone();
      LOSS.differentiate(gradient, new double[] {label}, null, 1);
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        double[] up = z.clone();
        double[] down = z.clone();
        up[k] += H;
        down[k] -= H;
        double difference = (value(up, label) - value(down, label)) / (2 * H);
        // a third derivative below 1, and two values below 16 rounded
        assertEquals(difference, gradient[k], H * H + 8 * Math.ulp(16.0) / H);
        sum += gradient[k];
      }
      assertEquals(0, sum, CLASSES * 4 * Math.ulp(1.0), "a common shift changes nothing");
    }
  }

  @ParameterizedTest
  @MethodSource("points")
  void theConjugateIsTightAtTheGradientAndABoundElsewhere(double[] z) {
    double[] q = z.clone();
    LOSS.probabilities(q, 1);
    double entropy = LOSS.conjugate(q, 0);
    double[] other = {1, -2, 0.5, 3};
    for (int label = 0; label < CLASSES; label++) {
      // θ = q − e_y: θᵀz − ℓ(z) = qᵀz − log Σ e^z; products below 8
      assertEquals(product(q, z) - z[label] - value(z, label), entropy, 1e-13);
      assertTrue(entropy >= product(q, other) - other[label] - value(other, label) - 1e-13);
    }
    q[0] = -0.1;
    assertEquals(Double.POSITIVE_INFINITY, LOSS.conjugate(q, 0));
  }

  private static double product(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }

  @Test
  void noFiniteMarginOverflows() {
    for (double[] z :
        List.of(new double[] {800, -800, 0, 799}, new double[] {-800, -800, -800, 1e300})) {
      for (int label = 0; label < CLASSES; label++) {
        double[] gradient = z.clone();
        double loss = LOSS.differentiate(gradient, new double[] {label}, null, 1);
        assertTrue(Double.isFinite(loss) && loss >= 0, label + ": " + loss);
        for (double g : gradient) {
          assertTrue(Math.abs(g) <= 1, label + ": " + g);
        }
      }
    }
  }

  @Test
  void farOutTheGradientIsThatOfFiniteDifferencesToo() {
    double h = 0x1p-10;
    for (double[] z :
        List.of(
            new double[] {800, -800, 0, 799.5},
            new double[] {-800, -800, -799, -801},
            new double[] {800, 800, 800, 800})) {
      for (int label = 0; label < CLASSES; label++) {
        double[] gradient = z.clone();
        LOSS.differentiate(gradient, new double[] {label}, null, 1);
        for (int k = 0; k < CLASSES; k++) {
          double[] up = z.clone();
          double[] down = z.clone();
          up[k] += h;
          down[k] -= h;
          double difference = (value(up, label) - value(down, label)) / (2 * h);
          // a third derivative below 1, and two values of at most 1601 rounded
          double error = h * h + 8 * Math.ulp(1601.0) / h;
          assertEquals(difference, gradient[k], error, Arrays.toString(z) + ", class " + k);
        }
      }
    }
  }

  @Test
  void twoClassesAreTheLogisticLossOfTheirDifference() {
    SoftmaxLoss two = new SoftmaxLoss(2);
    LogisticLoss logistic = new LogisticLoss();
    for (double z : new double[] {-800, -30, -1.5, 0, 1e-9, 2, 40, 800}) {
      for (double y : new double[] {0, 1}) {
        double[] pair = {0.25, z + 0.25};
        double[] one = {pair[1] - pair[0]};
        double[] label = {y};
        double expected = logistic.differentiate(one, label, null, 1);
        double value = two.differentiate(pair, label, null, 1);
        assertEquals(expected, value, 2 * Math.ulp(expected));
        assertEquals(one[0], pair[1], 2 * Math.ulp(1.0));
        assertEquals(-one[0], pair[0], 2 * Math.ulp(1.0));
      }
    }
  }

  @Test
  void aWeightOfTwoIsTheRowTwice() {
    double[] row = {0.3, -2, 1, 0.5};
    double[] twice = new double[2 * CLASSES];
    System.arraycopy(row, 0, twice, 0, CLASSES);
    System.arraycopy(row, 0, twice, CLASSES, CLASSES);
    double[] once = row.clone();
    double sum = LOSS.differentiate(twice, new double[] {2, 2}, null, 2);
    assertEquals(sum, LOSS.differentiate(once, new double[] {2}, new double[] {2}, 1));
    double[] doubled = Arrays.copyOf(twice, CLASSES);
    for (int k = 0; k < CLASSES; k++) {
      doubled[k] *= 2; // exact
    }
    assertArrayEquals(doubled, once);
  }

  /** The margin of a class beyond the last would be one of the next row. */
  @ParameterizedTest
  @ValueSource(doubles = {-1, CLASSES, 0.5, Double.NaN})
  void aLabelThatIsNoClassIsAnError(double label) {
    double[] margins = new double[2 * CLASSES];
    double[] labels = {label, 0};
    Head smoothed = new Head.OfClasses(LOSS, 0.1);
    List<Executable> uses =
        List.of(
            () -> LOSS.value(margins, labels, null, 2),
            () -> LOSS.differentiate(margins, labels, null, 2),
            () -> smoothed.differentiate(margins, labels, null, 2),
            () -> smoothed.scores().add(margins, labels, null, 2));
    for (Executable use : uses) {
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, use);
      assertEquals("a label is a whole number from 0 to 3, not " + label, e.getMessage());
    }
  }
}
