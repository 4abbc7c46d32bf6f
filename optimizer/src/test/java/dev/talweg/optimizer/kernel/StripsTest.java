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
}
