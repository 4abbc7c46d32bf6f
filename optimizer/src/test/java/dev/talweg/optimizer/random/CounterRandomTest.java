package dev.talweg.optimizer.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CounterRandomTest {

  /** The mixer is SplitMix64's: seed 1234567 gives these by the reference C code (Vigna). */
  @Test
  void theFirstAbsorptionIsSplitMix64() {
    // with all later words 0 the chain is mix(mix(mix(mix(seed + γ) + γ) + γ) + γ)
    long expected = 1234567;
    for (int k = 0; k < 4; k++) {
      expected = new SplittableRandom(expected).nextLong();
    }
    assertEquals(expected, CounterRandom.bits(1234567, 0, 0, 0));
    // 6457827717110365317 is the first output of the reference implementation for this seed
    assertEquals(6457827717110365317L, new SplittableRandom(1234567).nextLong());
  }

  @Test
  void theBitsAreFixedForEver() {
    assertEquals(CounterRandom.bits(7, 1, 2, 3), CounterRandom.bits(7, 1, 2, 3));
    Set<Long> seen = new HashSet<>();
    for (long seed = 0; seed < 4; seed++) {
      for (long a = 0; a < 16; a++) {
        for (long b = 0; b < 16; b++) {
          for (long c = 0; c < 64; c++) {
            assertTrue(seen.add(CounterRandom.bits(seed, a, b, c)));
          }
        }
      }
    }
  }

  /** Flipping any input bit flips each output bit half of the time: 4096 draws, 5σ = 0.039. */
  @Test
  void everyInputBitChangesHalfOfTheOutput() {
    int draws = 4096;
    for (int word = 0; word < 4; word++) {
      for (int bit = 0; bit < 64; bit += 7) {
        long flipped = 0;
        for (long n = 0; n < draws; n++) {
          long[] x = {n, n * 3, n + 5, -n};
          long before = CounterRandom.bits(x[0], x[1], x[2], x[3]);
          x[word] ^= 1L << bit;
          flipped += Long.bitCount(before ^ CounterRandom.bits(x[0], x[1], x[2], x[3]));
        }
        // 64 · 4096 bits: the standard deviation of the share is 0.5/512 ≈ 0.001
        assertEquals(0.5, flipped / (64.0 * draws), 0.005);
      }
    }
  }

  /** Means over 200 000 draws; five standard errors. */
  @Test
  void uniformsAndGaussiansHaveTheirMoments() {
    int n = 200_000;
    double uniform = 0;
    double uniformSquares = 0;
    double gaussian = 0;
    double gaussianSquares = 0;
    double fourth = 0;
    double neighbours = 0;
    double before = 0;
    for (int i = 0; i < n; i++) {
      double u = CounterRandom.uniform(1, 2, 3, i);
      assertTrue(u >= 0 && u < 1);
      double g = CounterRandom.gaussian(1, 2, 3, i);
      uniform += u;
      uniformSquares += u * u;
      gaussian += g;
      gaussianSquares += g * g;
      fourth += g * g * g * g;
      neighbours += g * before;
      before = g;
    }
    double root = Math.sqrt(n);
    assertEquals(0.5, uniform / n, 5 * Math.sqrt(1.0 / 12) / root);
    assertEquals(1.0 / 3, uniformSquares / n, 5 * Math.sqrt(4.0 / 45) / root);
    assertEquals(0, gaussian / n, 5 / root);
    assertEquals(1, gaussianSquares / n, 5 * Math.sqrt(2) / root);
    assertEquals(3, fourth / n, 5 * Math.sqrt(96) / root);
    assertEquals(0, neighbours / n, 5 / root);
  }

  @Test
  void boundedDrawsFillTheirRangeEvenly() {
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[CounterRandom.below(7, 3, 0, 0, i)]++;
    }
    for (int count : counts) {
      assertEquals(10_000, count, 5 * Math.sqrt(70_000 * (1.0 / 7) * (6.0 / 7)));
    }
    assertThrows(IllegalArgumentException.class, () -> CounterRandom.below(0, 1, 1, 1, 1));
  }
}
