package dev.talweg.optimizer.state;

import java.util.Arrays;
import java.util.List;

/** A named column of a stored state: one entry for a scalar, n for an array of n. */
public sealed interface Column {

  /** Number of entries. */
  int size();

  /** long, int and boolean (0 or 1). */
  record Longs(long[] values) implements Column {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Longs that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return "Longs" + Arrays.toString(values);
    }
  }

  /**
   * double. Every bit counts, also those inside a NaN: a store that knows one NaN only must keep
   * {@code Double.doubleToRawLongBits}.
   */
  record Doubles(double[] values) implements Column {
    @Override
    public int size() {
      return values.length;
    }

    /** Equality of bits: −0.0 is not 0.0, and a NaN equals itself. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Doubles that && Arrays.equals(bits(values), bits(that.values));
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bits(values));
    }

    @Override
    public String toString() {
      return "Doubles" + Arrays.toString(values);
    }

    private static long[] bits(double[] values) {
      long[] bits = new long[values.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Double.doubleToRawLongBits(values[i]);
      }
      return bits;
    }
  }

  /** String. */
  record Texts(List<String> values) implements Column {
    public Texts {
      values = List.copyOf(values);
    }

    @Override
    public int size() {
      return values.size();
    }
  }
}
