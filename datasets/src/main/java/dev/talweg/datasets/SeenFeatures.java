package dev.talweg.datasets;

import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a wide column (a vector, or hash buckets) that training rows have. Only they are
 * features: an entry that no training row has would have weight 0, and would cost memory on the
 * driver and a place in every sum.
 *
 * <p>Layout: a bitmap with a count of the bits before each word, so that an entry is numbered by
 * two reads; 12 bytes for 64 entries of the column (48 MiB at 2^28), made once where it is used. On
 * the wire, and in the model, are the entries alone.
 */
final class SeenFeatures implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Wider columns are numbered by what was seen: below, a bitmap costs more than it saves. */
  static final int WIDE = 1 << 21;

  private final int[] entries;
  private transient volatile @Nullable Bitmap bitmap;

  /**
   * @param entries ascending; handed over
   */
  SeenFeatures(int[] entries) {
    this.entries = entries;
  }

  int size() {
    return entries.length;
  }

  /** The entry of the column that is number k. */
  int entry(int k) {
    return entries[k];
  }

  /** The number of an entry, or −1 where no training row has it. */
  int number(int entry) {
    Bitmap made = bitmap;
    if (made == null) {
      made = Bitmap.of(entries);
      bitmap = made;
    }
    return made.number(entry);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Bitmap(long[] words, int[] before) {
    static Bitmap of(int[] entries) {
      int last = entries.length == 0 ? -1 : entries[entries.length - 1];
      Marks marks = new Marks(last + 1);
      marks.add(entries);
      int[] before = new int[marks.words.length];
      for (int w = 1; w < before.length; w++) {
        before[w] = before[w - 1] + Long.bitCount(marks.words[w - 1]);
      }
      return new Bitmap(marks.words, before);
    }

    int number(int entry) {
      int w = entry >>> 6;
      if (w >= words.length || ((words[w] >>> entry) & 1) == 0) {
        return -1;
      }
      return before[w] + Long.bitCount(words[w] & ((1L << entry) - 1));
    }
  }

  /** A set of entries that grows. */
  static final class Marks {
    private long[] words;

    Marks(int width) {
      words = new long[(width + 63) >>> 6];
    }

    void add(int entry) {
      int w = entry >>> 6;
      if (w >= words.length) {
        words = Arrays.copyOf(words, Math.max(w + 1, 2 * words.length));
      }
      words[w] |= 1L << entry;
    }

    void add(int[] entries) {
      for (int entry : entries) {
        add(entry);
      }
    }

    /** All of them, ascending. */
    int[] entries() {
      int count = 0;
      for (long word : words) {
        count += Long.bitCount(word);
      }
      int[] entries = new int[count];
      int next = 0;
      for (int w = 0; w < words.length; w++) {
        for (long word = words[w]; word != 0; word &= word - 1) {
          entries[next++] = (w << 6) + Long.numberOfTrailingZeros(word);
        }
      }
      return entries;
    }
  }
}
