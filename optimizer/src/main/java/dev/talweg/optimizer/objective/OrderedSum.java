package dev.talweg.optimizer.objective;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up arrays from partitions in the order of their numbers, whatever order they arrive in: a
 * sum of doubles has the same bits only if its terms come in the same order.
 *
 * <p>Arrays that come early wait; the rest is folded at once, so that in the usual case little more
 * than one array is held. Not safe for use by several threads.
 */
public final class OrderedSum {
  private final Map<Integer, double[]> waiting = new TreeMap<>();
  private double[] total = new double[0];
  private int next;

  /** Takes the array of a partition; it may be reused as the total. */
  public void add(int partition, double[] terms) {
    if (partition < next || waiting.put(partition, terms) != null) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "partition %d was added before", partition));
    }
    for (double[] ready = waiting.remove(next); ready != null; ready = waiting.remove(next)) {
      fold(ready);
      next++;
    }
  }

  private void fold(double[] terms) {
    if (next == 0) {
      total = terms;
      return;
    }
    if (terms.length != total.length) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "lengths differ: %d != %d", terms.length, total.length));
    }
    for (int j = 0; j < total.length; j++) {
      total[j] += terms[j];
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
