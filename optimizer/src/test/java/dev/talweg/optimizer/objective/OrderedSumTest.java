package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class OrderedSumTest {
  private static final SparseArray ONE = SparseArray.dense(new double[] {1});

  @Property(tries = 100)
  void theBitsDoNotDependOnTheOrderOfArrival(@ForAll long seed) {
    Random random = new Random(seed);
    List<double[]> terms = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int p = 0; p < 7; p++) {
      terms.add(new double[] {random.nextGaussian() * Math.pow(10, p), random.nextDouble()});
      order.add(p);
    }
    double[] expected = new double[2];
    for (int p = 0; p < 7; p++) {
      for (int j = 0; j < 2; j++) {
        expected[j] = expected[j] + terms.get(p)[j];
      }
    }
    Collections.shuffle(order, random);
    OrderedSum sum = new OrderedSum(2);
    order.forEach(p -> sum.add(p, SparseArray.dense(terms.get(p))));
    assertArrayEquals(expected, sum.total());
  }

  @Test
  void aPartitionIsCountedOnce() {
    OrderedSum sum = new OrderedSum(1);
    sum.add(0, ONE);
    assertThrows(IllegalArgumentException.class, () -> sum.add(0, ONE));
  }

  @Test
  void aMissingPartitionIsAnError() {
    OrderedSum sum = new OrderedSum(1);
    sum.add(1, ONE);
    assertThrows(IllegalStateException.class, sum::total);
  }
}
