package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.random.CounterRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 32_767, 32_768, 50_001})
  void additionAndProductInOnePassHaveTheBitsOfTwo(int length) {
    double[] x = random(length, 1);
    double[] z = random(length, 2);
    double[] once = random(length, 3);
    double[] twice = once.clone();
    double product = Vectors.addAndDot(-0.3, x, once, z);
    Vectors.add(-0.3, x, twice);
    assertArrayEquals(twice, once);
    assertEquals(Vectors.dot(z, twice), product);
  }

  /** The terms' magnitudes bound the rounding of any order: n ulps of their sum. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 32_768, 50_001})
  void aProductHasEveryTermOnce(int length) {
    double[] x = random(length, 4);
    double[] y = random(length, 5);
    double expected = 0;
    double magnitude = 0;
    for (int j = 0; j < length; j++) {
      expected += x[j] * y[j];
      magnitude += Math.abs(x[j] * y[j]);
    }
    assertEquals(expected, Vectors.dot(x, y), length * Math.ulp(magnitude));
  }

  private static double[] random(int length, long seed) {
    double[] numbers = new double[length];
    for (int j = 0; j < length; j++) {
      numbers[j] = CounterRandom.uniform(seed, 0, j, 0) - 0.5;
    }
    return numbers;
  }
}
