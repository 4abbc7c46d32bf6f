package dev.talweg.optimizer.objective;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Adds up arrays from partitions in the order of their numbers, whatever order they arrive in: a
 * sum of doubles has the same bits only if its terms come in the same order.
 *
 * <p>Arrays that come early wait; the rest is folded at once, so that in the usual case little more
 * than one array is held. Not safe for use by several threads.
 */
public final class OrderedSum {
  private final Map<Integer, SparseArray> waiting = new TreeMap<>();
  private final double[] total;
  private int next;

  /** A sum of arrays of this length. */
  public OrderedSum(int length) {
    total = new double[length];
  }

  /** The sum of what so many partitions in one place give. */
  static double[] of(int partitions, int length, IntFunction<SparseArray> terms) {
    OrderedSum sum = new OrderedSum(length);
    for (int p = 0; p < partitions; p++) {
      sum.add(p, terms.apply(p));
    }
    return sum.total();
  }

  /** Takes the array of a partition. */
  public void add(int partition, SparseArray terms) {
    if (partition < next || waiting.put(partition, terms) != null) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "partition %d was added before", partition));
    }
    for (SparseArray ready = waiting.remove(next); ready != null; ready = waiting.remove(next)) {
      ready.addTo(total);
      next++;
    }
  }

  /** The sum of all partitions from 0 on. */
  public double[] total() {
    if (!waiting.isEmpty()) {
      throw new IllegalStateException("partition " + next + " is missing");
    }
    return total;
  }
}
