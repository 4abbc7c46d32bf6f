package dev.talweg.datasets;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The levels of a categorical column in one partition, numbered in order of appearance.
 *
 * <p>An open-addressing table of codes; the bytes of a row's string are hashed and compared where
 * they lie, and copied only when a level is new. Not safe for use by several threads.
 */
final class Dictionary implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long SEED = 42;

  private int[] table = new int[64]; // code + 1, or 0
  private UTF8String[] levels = new UTF8String[32];
  private long[] hashes = new long[32];
  private long[] counts = new long[32];
  private int size;

  static long hash(UTF8String text) {
    return XXH64.hashUnsafeBytes(text.getBaseObject(), text.getBaseOffset(), text.numBytes(), SEED);
  }

  static long hash(String text) {
    return hash(UTF8String.fromString(text));
  }

  /** The code of a level, which is added if it is new. */
  int code(UTF8String level) {
    long hash = hash(level);
    int mask = table.length - 1;
    int slot = (int) hash & mask;
    while (table[slot] != 0) {
      int code = table[slot] - 1;
      if (hashes[code] == hash && levels[code].equals(level)) {
        return code;
      }
      slot = (slot + 1) & mask;
    }
    return add(level.copy(), hash, slot);
  }

  private int add(UTF8String level, long hash, int slot) {
    if (size == levels.length) {
      levels = Arrays.copyOf(levels, 2 * size);
      hashes = Arrays.copyOf(hashes, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    levels[size] = level;
    hashes[size] = hash;
    table[slot] = ++size;
    if (2 * size > table.length) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    table = new int[2 * table.length];
    int mask = table.length - 1;
    for (int code = 0; code < size; code++) {
      int slot = (int) hashes[code] & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = code + 1;
    }
  }

  void count(int code) {
    counts[code]++;
  }

  int size() {
    return size;
  }

  String level(int code) {
    return levels[code].toString();
  }

  long hash(int code) {
    return hashes[code];
  }

  long countOf(int code) {
    return counts[code];
  }
}
