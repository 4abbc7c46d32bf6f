package dev.talweg.optimizer.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StripsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "1, 1",
    "32767, 1",
    "32768, 1",
    "32769, 1",
    "100000, 1",
    "784, 128",
    "7, 5000",
    "5, 40000"
  })
  void everyItemIsGoneOverOnce(int count, int width) {
    AtomicIntegerArray times = new AtomicIntegerArray(count);
    Strips.each(
        count,
        width,
        (from, until) -> {
          assertTrue(from <= until);
          for (int i = from; i < until; i++) {
            times.incrementAndGet(i);
          }
        });
    for (int i = 0; i < count; i++) {
      assertEquals(1, times.get(i), "item " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "32767", "32768", "32769", "100000"})
  void aSumAddsTheFirstStripToItsInitialValueThenTheOthersInOrder(int count) {
    double[] terms = new double[count];
    for (int i = 0; i < count; i++) {
      terms[i] = Math.sin(i); // no two orders of these have the same sum
    }
    int strip = count < 32768 ? Math.max(1, count) : 8192;
    double expected = 0.5;
    for (int from = 0; from < count; from += strip) {
      double sum = from == 0 ? 0.5 : 0;
      for (int i = from; i < Math.min(count, from + strip); i++) {
        sum += terms[i];
      }
      expected = from == 0 ? sum : expected + sum;
    }
    double found =
        Strips.sum(
            0.5,
            count,
            (before, from, until) -> {
              double sum = before;
              for (int i = from; i < until; i++) {
                sum += terms[i];
              }
              return sum;
            });
    assertEquals(expected, found);
  }
}
