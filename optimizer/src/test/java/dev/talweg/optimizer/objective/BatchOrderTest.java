package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
  @Property(tries = 100)
  void everyRunIsTheBatchOfOneStepOfAnEpoch(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int runs) {
    for (int epoch = 0; epoch < 3; epoch++) {
      BitSet seen = new BitSet();
      for (int k = 0; k < runs; k++) {
        seen.set((int) BatchOrder.run(seed, (long) epoch * runs + k, runs));
      }
      assertEquals(runs, seen.cardinality());
      assertEquals(runs, seen.length());
    }
  }

  @Test
  void epochsAndSeedsDiffer() {
    assertNotEquals(order(7, 0), order(7, 1));
    assertNotEquals(order(7, 0), order(8, 0));
    assertEquals(order(7, 2), order(7, 2));
  }

  private static List<Long> order(long seed, long epoch) {
    return LongStream.range(0, 50).mapToObj(k -> BatchOrder.run(seed, epoch * 50 + k, 50)).toList();
  }
}
