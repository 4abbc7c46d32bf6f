package dev.talweg.datasets.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads Parquet's hybrid of run lengths and packed bits, in which levels and the numbers of
 * dictionary entries are written (Apache Parquet format, <i>Encodings</i>, "RLE = 3").
 *
 * <p>A run is either one value many times, or values of {@code width} bits each, packed from the
 * least significant bit on in groups of eight. A packed value is cut out of the eight bytes that
 * begin where its first bit is: at most 7 + 32 bits of them count, so no value waits for the one
 * before.
 */
final class HybridRuns {
  /** Bytes that must be readable behind the end. */
  static final int ROOM = Long.BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private int width;
  private int left; // values of the run that are to come
  private boolean packed;
  private int value; // of a run that repeats it
  private long bit; // where the next packed value begins

  /** Begins anew at a byte; values are of {@code width} bits, 0 to 32. */
  void reset(byte[] source, int from, int until, int bits) {
    if (bits < 0 || bits > Integer.SIZE) {
      throw new IllegalArgumentException("values of " + bits + " bits");
    }
    bytes = source;
    at = from;
    end = until;
    width = bits;
    packed = false;
    value = 0;
    left = bits == 0 ? Integer.MAX_VALUE : 0; // all of them 0, and no run needs to say so
  }

  /** Whether so many values to come are this one, all of one run. */
  boolean repeats(int wanted, int count) {
    if (left == 0 && count > 0) {
      nextRun();
    }
    return count <= left && !packed && value == wanted;
  }

  void read(int[] into, int from, int count) {
    int until = from + count;
    for (int k = from; k < until; ) {
      if (left == 0) {
        nextRun();
      }
      int some = Math.min(left, until - k);
      if (packed) {
        unpack(into, k, k + some);
      } else {
        Arrays.fill(into, k, k + some, value);
      }
      left -= some;
      k += some;
    }
  }

  private void unpack(int[] into, int from, int until) {
    long mask = (1L << width) - 1;
    long next = bit;
    for (int k = from; k < until; k++) {
      into[k] = (int) (((long) LONGS.get(bytes, (int) (next >>> 3)) >>> (next & 7)) & mask);
      next += width;
    }
    bit = next;
  }

  /** Sets bit k where the k-th of so many values of one bit is 0; the rest must be clear. */
  void markZeros(long[] bits, int count) {
    for (int k = 0; k < count; ) {
      if (left == 0) {
        nextRun();
      }
      int some = Math.min(left, count - k);
      if (packed || value == 0) {
        some = Math.min(Math.min(some, Long.SIZE - (k & 63)), 56);
        long zeros = -1L;
        if (packed) {
          zeros =
              ~((long) LONGS.get(bytes, (int) (bit >>> 3)) >>> (bit & 7)); // of 57 bits at least
          bit += some;
        }
        bits[k >>> 6] |= (zeros & ((1L << some) - 1)) << k;
      }
      left -= some;
      k += some;
    }
  }

  private void nextRun() {
    int header = varint();
    packed = (header & 1) != 0;
    if (packed) {
      int groups = header >>> 1;
      left = (int) Math.min(8L * groups, Integer.MAX_VALUE);
      bit = 8L * at;
      at = (int) Math.min(end, at + (long) groups * width); // the last group may be cut off
    } else {
      left = header >>> 1;
      value = 0;
      for (int shift = 0; shift < width; shift += 8) {
        value |= (nextByte() & 0xff) << shift;
      }
    }
    if (left == 0) {
      throw new IllegalStateException("a run of no values");
    }
  }

  private int varint() {
    int number = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      byte next = nextByte();
      number |= (next & 0x7f) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IllegalStateException("a run whose length has no end");
  }

  private byte nextByte() {
    if (at >= end) {
      throw new IllegalStateException("runs end before the values that a page says it has");
    }
    return bytes[at++];
  }
}
