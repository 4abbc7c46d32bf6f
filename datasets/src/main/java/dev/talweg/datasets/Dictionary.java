package dev.talweg.datasets;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.array.ByteArrayMethods;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The levels of a categorical column in one partition, or in all, numbered in order of appearance,
 * with the number of training rows of each.
 *
 * <p>An open-addressing table of codes over one array that holds the texts one after the other: a
 * text is hashed and compared where it lies, and copied only when it is new. A slot has half of the
 * level's hash, so that a search reads hardly any but its own level's memory. Serialized, a level
 * is its text, a length and a count of one to nine bytes each. Not safe for use by several threads
 * while one adds.
 */
final class Dictionary implements Externalizable {
  private static final long serialVersionUID = 2L;
  private static final long SEED = 42;
  private static final long UPPER = 0xFFFFFFFF00000000L;

  private long[] table = new long[64]; // upper half of a hash, and code + 1; or 0
  private byte[] texts = new byte[256];
  private int[] ends = new int[32]; // of the texts
  private long[] hashes = new long[32];
  private long[] counts = new long[32];
  private int size;
  private boolean whole = true; // all texts are UTF-8

  /** An empty one; public for serialization alone. */
  public Dictionary() {}

  static long hash(UTF8String text) {
    return XXH64.hashUnsafeBytes(text.getBaseObject(), text.getBaseOffset(), text.numBytes(), SEED);
  }

  static long hash(String text) {
    return hash(UTF8String.fromString(text));
  }

  /** The code of a level, which is added if it is new. */
  int code(UTF8String level) {
    return code(level, hash(level));
  }

  private int code(UTF8String level, long hash) {
    int slot = slot(level, hash);
    return table[slot] != 0 ? (int) table[slot] - 1 : add(level, hash, slot);
  }

  /** The code of a level, or −1. */
  int find(String level) {
    UTF8String text = UTF8String.fromString(level);
    return (int) table[slot(text, hash(text))] - 1;
  }

  /** The code that a level of another dictionary has in this one, or −1. */
  int find(Dictionary other, int code) {
    UTF8String text = other.text(code);
    return (int) table[slot(text, other.whole ? other.hashes[code] : hash(text))] - 1;
  }

  /** Adds the levels of another dictionary that training rows have, and their counts. */
  void addCounted(Dictionary other) {
    for (int code = 0; code < other.size; code++) {
      if (other.counts[code] > 0) {
        UTF8String text = other.text(code);
        int own = code(text, other.whole ? other.hashes[code] : hash(text));
        counts[own] += other.counts[code];
      }
    }
  }

  /** The slot that has a level's code, or where it belongs. */
  private int slot(UTF8String level, long hash) {
    int mask = table.length - 1;
    int slot = (int) hash & mask;
    while (table[slot] != 0) {
      if ((int) (table[slot] >>> 32) == (int) (hash >>> 32)
          && equal((int) table[slot] - 1, level)) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean equal(int code, UTF8String level) {
    int start = start(code);
    return ends[code] - start == level.numBytes()
        && ByteArrayMethods.arrayEquals(
            texts,
            Platform.BYTE_ARRAY_OFFSET + start,
            level.getBaseObject(),
            level.getBaseOffset(),
            level.numBytes());
  }

  private int add(UTF8String level, long hash, int slot) {
    int end = start(size);
    int length = level.numBytes();
    if (length > Integer.MAX_VALUE - 16 - end) {
      throw new IllegalStateException(
          "the levels of a column have more than 2 GiB of text in one partition; name it under"
              + " data.ignore, hash it, or ask for more partitions");
    }
    if (end + length > texts.length) {
      long doubled = Math.max(end + length, Math.min(2L * texts.length, Integer.MAX_VALUE - 16));
      texts = Arrays.copyOf(texts, (int) doubled);
    }
    if (size == ends.length) {
      reserve(2 * size);
    }
    level.writeToMemory(texts, Platform.BYTE_ARRAY_OFFSET + end);
    ends[size] = end + length;
    whole = whole && level.isValid();
    hashes[size] = hash;
    table[slot] = (hash & UPPER) | ++size;
    if (2 * size > table.length) {
      index(2 * table.length);
    }
    return size - 1;
  }

  private void reserve(int levels) {
    ends = Arrays.copyOf(ends, levels);
    hashes = Arrays.copyOf(hashes, levels);
    counts = Arrays.copyOf(counts, levels);
  }

  private void index(int slots) {
    table = new long[slots];
    int mask = slots - 1;
    for (int code = 0; code < size; code++) {
      int slot = (int) hashes[code] & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = (hashes[code] & UPPER) | (code + 1);
    }
  }

  /** Counts training rows by their codes; returns how many have none. */
  int count(int[] codes, int from, int[] rows, int training) {
    int none = 0;
    for (int k = 0; k < training; k++) {
      int code = codes[from + rows[k]];
      if (code >= 0) {
        counts[code]++;
      } else {
        none++;
      }
    }
    return none;
  }

  /** Mixes the levels of rows into the hashes of these rows; a code below 0 is none. */
  void fold(int[] codes, int from, int rows, long[] into) {
    for (int k = 0; k < rows; k++) {
      int code = codes[from + k];
      into[k] = RowReader.mix(into[k] + (code < 0 ? 1 : hashes[code]));
    }
  }

  int size() {
    return size;
  }

  String level(int code) {
    int start = start(code);
    return new String(texts, start, ends[code] - start, StandardCharsets.UTF_8);
  }

  /** Its text; where bytes are not UTF-8, those of the text that they are read as. */
  private UTF8String text(int code) {
    int start = start(code);
    return whole
        ? UTF8String.fromBytes(texts, start, ends[code] - start)
        : UTF8String.fromString(level(code));
  }

  private int start(int code) {
    return code == 0 ? 0 : ends[code - 1];
  }

  long hash(int code) {
    return hashes[code];
  }

  long countOf(int code) {
    return counts[code];
  }

  /** The counts by the names of the levels. */
  Map<String, Long> counts() {
    Map<String, Long> named = new HashMap<>();
    for (int code = 0; code < size; code++) {
      named.put(level(code), counts[code]);
    }
    return named;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(size);
    out.writeBoolean(whole);
    for (int code = 0; code < size; code++) {
      writeNumber(out, ends[code] - start(code));
      writeNumber(out, counts[code]);
    }
    out.write(texts, 0, start(size));
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    int levels = in.readInt();
    whole = in.readBoolean();
    ends = new int[Math.max(32, levels)];
    hashes = new long[ends.length];
    counts = new long[ends.length];
    int end = 0;
    for (int code = 0; code < levels; code++) {
      end += (int) readNumber(in);
      ends[code] = end;
      counts[code] = readNumber(in);
    }
    texts = new byte[end];
    in.readFully(texts);
    size = levels;
    for (int code = 0; code < size; code++) {
      int start = start(code);
      hashes[code] = hash(UTF8String.fromBytes(texts, start, ends[code] - start));
    }
    index(Math.max(64, 4 * Integer.highestOneBit(Math.max(1, levels))));
  }

  /** Seven bits a byte, the lowest first; the last byte is not negative. */
  private static void writeNumber(DataOutput out, long number) throws IOException {
    long rest = number;
    for (; rest > 127; rest >>>= 7) {
      out.writeByte((int) rest | 128);
    }
    out.writeByte((int) rest);
  }

  private static long readNumber(DataInput in) throws IOException {
    long number = 0;
    int shift = 0;
    byte next = in.readByte();
    for (; next < 0; next = in.readByte()) {
      number |= (next & 127L) << shift;
      shift += 7;
    }
    return number | ((long) next << shift);
  }
}
