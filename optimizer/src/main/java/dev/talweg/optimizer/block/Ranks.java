package dev.talweg.optimizer.block;

/**
 * Numbers the features of a set 0, 1, 2, … in their order: how many smaller ones there are.
 *
 * <p>A bitmap and a count before each of its words, 1.5 bits a feature where an array of numbers
 * takes 32: it stays in a cache up to some millions of features, and 2²⁸ of them take 50 MB.
 */
public final class Ranks implements Block.Numbering {
  private final long[] members;
  private final int[] before;
  private final int count;

  /** Bit j of word j / 64 says whether j is in the set; the bitmap is handed over. */
  public Ranks(long[] members) {
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

  /** The number of a feature, or −1 where it is not in the set. */
  public int number(int feature) {
    int word = feature >>> 6;
    return word < members.length && ((members[word] >>> feature) & 1) != 0 ? rank(feature) : -1;
  }

  private int rank(int member) {
    int word = member >>> 6;
    return before[word] + Long.bitCount(members[word] & ((1L << member) - 1));
  }

  /** The set, ascending. */
  public int[] members() {
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
      numbers[p] = features[p] < 0 ? -1 : rank(features[p]);
    }
    return numbers;
  }
}
