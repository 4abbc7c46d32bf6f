package dev.talweg.optimizer.block;

/**
 * Numbers the features of a set 0, 1, 2, … in their order: how many smaller ones there are.
 *
 * <p>A bitmap and a count before each of its words, 1.5 bits a feature where an array of numbers
 * takes 32: it stays in a cache up to some millions of features, and 2²⁸ of them take 50 MB.
 */
final class Ranks implements Block.Numbering {
  private final long[] members;
  private final int[] before;
  private final int count;

  /** The bitmap is handed over. */
  Ranks(long[] members) {
    this.members = members;
    this.before = new int[members.length];
    int smaller = 0;
    for (int word = 0; word < members.length; word++) {
      before[word] = smaller;
      smaller += Long.bitCount(members[word]);
    }
    this.count = smaller;
  }

  int count() {
    return count;
  }

  /** The set, ascending. */
  int[] members() {
    int[] all = new int[count];
    int next = 0;
    for (int word = 0; word < members.length; word++) {
      for (long bits = members[word]; bits != 0; bits &= bits - 1) {
        all[next++] = (word << 6) + Long.numberOfTrailingZeros(bits);
      }
    }
    return all;
  }

  @Override
  public int[] of(int[] features, int length) {
    int[] numbers = new int[length];
    for (int p = 0; p < length; p++) {
      int j = features[p];
      numbers[p] = j < 0 ? -1 : before[j >>> 6] + Long.bitCount(members[j >>> 6] & ((1L << j) - 1));
    }
    return numbers;
  }
}
