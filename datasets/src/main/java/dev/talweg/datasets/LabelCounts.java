package dev.talweg.datasets;

/**
 * How often each label was read in one partition, up to a number of different ones.
 *
 * <p>An open-addressing table of bits, never more than half full: a row costs a hash and a
 * comparison, however many labels there are.
 */
final class LabelCounts {
  private final double[] labels;
  private final long[] counts;
  private final int[] table; // position + 1, or 0
  private int size;

  /**
   * @param most different labels that are told apart; of more, one more is kept as a sign of it
   */
  LabelCounts(int most) {
    labels = new double[most + 1];
    counts = new long[most + 1];
    table = new int[Integer.highestOneBit(most + 1) * 4];
  }

  void add(double label) {
    long bits = Double.doubleToLongBits(label);
    int mask = table.length - 1;
    int slot = (int) RowReader.mix(bits) & mask;
    while (table[slot] != 0) {
      int at = table[slot] - 1;
      if (Double.doubleToLongBits(labels[at]) == bits) {
        counts[at]++;
        return;
      }
      slot = (slot + 1) & mask;
    }
    if (size < labels.length) { // more are as many as too many
      labels[size] = label;
      counts[size] = 1;
      table[slot] = ++size;
    }
  }

  int size() {
    return size;
  }

  double label(int k) {
    return labels[k];
  }

  long count(int k) {
    return counts[k];
  }
}
