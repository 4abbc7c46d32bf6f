package dev.talweg.datasets;

import dev.talweg.optimizer.block.Ranks;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a wide column (a vector, or hash buckets) that training rows have. Only they are
 * features: an entry that no training row has would have weight 0, and would cost memory on the
 * driver and a place in every sum.
 *
 * <p>Layout: {@link Ranks}, made once where an entry is numbered. On the wire, and in the model,
 * are the entries alone.
 */
final class SeenFeatures implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Wider columns are numbered by what was seen: below, a bitmap costs more than it saves. */
  static final int WIDE = 1 << 21;

  private final int[] entries;
  private transient volatile @Nullable Ranks ranks;

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
    Ranks made = ranks;
    if (made == null) {
      Marks marks = new Marks(entries.length == 0 ? 0 : entries[entries.length - 1] + 1);
      marks.add(entries);
      made = new Ranks(marks.words);
      ranks = made;
    }
    return made.number(entry);
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
      return new Ranks(words).members();
    }
  }
}
