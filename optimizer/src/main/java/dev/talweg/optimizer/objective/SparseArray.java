package dev.talweg.optimizer.objective;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An array of which only some entries are given; the others are 0.
 *
 * <p>On the wire: eight bytes an entry, four of one that was {@link #rounded}, and for their places
 * the cheaper of four bytes each and of one bit per entry of the whole array.
 */
public final class SparseArray implements Externalizable {
  private static final long serialVersionUID = 1L;

  private int length;
  private int @Nullable [] places; // ascending; null: all
  private double[] values;
  private int floats; // so many values from the first on are floats

  /** For deserialization: nothing, of length 0. */
  public SparseArray() {
    this(0, null, new double[0]);
  }

  /**
   * The arrays are handed over.
   *
   * @param places ascending, in [0, length); null says that all entries are given
   */
  public SparseArray(int length, int @Nullable [] places, double[] values) {
    if (values.length != (places == null ? length : places.length)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "lengths differ: %d values for %d places",
              values.length,
              places == null ? length : places.length));
    }
    this.length = length;
    this.places = places;
    this.values = values;
  }

  /** All entries given. */
  public static SparseArray dense(double[] values) {
    return new SparseArray(values.length, null, values);
  }

  /** Length of the whole array. */
  public int length() {
    return length;
  }

  /**
   * The same with all but the last entries rounded to the nearest float, the array being handed
   * over; with none rounded if one of them is beyond the floats.
   *
   * @param exact how many entries at the end of the whole array stay as they are
   */
  SparseArray rounded(int exact) {
    int count = before(length - exact);
    for (int k = 0; k < count; k++) {
      if (Float.isInfinite((float) values[k]) && Double.isFinite(values[k])) {
        return this;
      }
    }
    for (int k = 0; k < count; k++) {
      values[k] = (float) values[k];
    }
    floats = count;
    return this;
  }

  /** How many entries are given before place j. */
  private int before(int j) {
    int[] at = places;
    return at == null ? j : position(at, j);
  }

  /** Bytes on the wire. */
  public long bytes() {
    int[] at = places;
    return 8L * values.length
        - 4L * floats
        + (at == null ? 0 : Math.min(4L * at.length, length / 8L));
  }

  /** Whether the entries and the sum of their squares are finite. */
  public boolean finite() {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Double.isFinite(sum);
  }

  /** {@code total += this}. */
  public void addTo(double[] total) {
    int[] at = places;
    if (total.length != length) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "lengths differ: %d != %d", length, total.length));
    }
    if (at == null) {
      for (int j = 0; j < values.length; j++) {
        total[j] += values[j];
      }
    } else {
      for (int k = 0; k < at.length; k++) {
        total[at[k]] += values[k];
      }
    }
  }

  /** The entries in {@code [from, until)} as an array of that length. */
  public SparseArray slice(int from, int until) {
    int first = before(from);
    int last = before(until);
    SparseArray slice = slice(from, until, first, last);
    slice.floats = Math.max(0, Math.min(floats, last) - first);
    return slice;
  }

  private SparseArray slice(int from, int until, int first, int last) {
    int[] at = places;
    if (at == null) {
      return dense(Arrays.copyOfRange(values, from, until));
    }
    int[] moved = new int[last - first];
    for (int k = first; k < last; k++) {
      moved[k - first] = at[k] - from;
    }
    return new SparseArray(until - from, moved, Arrays.copyOfRange(values, first, last));
  }

  /** The first place at or after j. */
  private static int position(int[] at, int j) {
    int found = Arrays.binarySearch(at, j);
    return found >= 0 ? found : -found - 1;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    int[] at = places;
    out.writeInt(length);
    out.writeInt(at == null ? -1 : at.length);
    boolean bits = at != null && 4L * at.length > length / 8L;
    out.writeBoolean(bits);
    out.writeInt(floats);
    if (at != null && bits) {
      long[] words = new long[(length + 63) >>> 6];
      for (int j : at) {
        words[j >>> 6] |= 1L << j;
      }
      ByteBuffer buffer = ByteBuffer.allocate(8 * words.length);
      buffer.asLongBuffer().put(words);
      out.write(buffer.array());
    } else if (at != null) {
      ByteBuffer buffer = ByteBuffer.allocate(4 * at.length);
      buffer.asIntBuffer().put(at);
      out.write(buffer.array());
    }
    for (int k = 0; k < floats; k += CHUNK) {
      int count = Math.min(CHUNK, floats - k);
      ByteBuffer buffer = ByteBuffer.allocate(4 * count);
      for (int i = k; i < k + count; i++) {
        buffer.putFloat((float) values[i]);
      }
      out.write(buffer.array());
    }
    for (int k = floats; k < values.length; k += CHUNK) {
      int count = Math.min(CHUNK, values.length - k);
      ByteBuffer buffer = ByteBuffer.allocate(8 * count);
      buffer.asDoubleBuffer().put(values, k, count);
      out.write(buffer.array());
    }
  }

  private static final int CHUNK = 1 << 16;

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    length = in.readInt();
    int count = in.readInt();
    boolean bits = in.readBoolean();
    floats = in.readInt();
    if (count < 0) {
      places = null;
    } else if (bits) {
      places = places(bytes(in, 8 * ((length + 63) >>> 6)).asLongBuffer(), count);
    } else {
      int[] at = new int[count];
      bytes(in, 4 * count).asIntBuffer().get(at);
      places = at;
    }
    values = new double[count < 0 ? length : count];
    for (int k = 0; k < floats; k += CHUNK) {
      int some = Math.min(CHUNK, floats - k);
      ByteBuffer buffer = bytes(in, 4 * some);
      for (int i = k; i < k + some; i++) {
        values[i] = buffer.getFloat();
      }
    }
    for (int k = floats; k < values.length; k += CHUNK) {
      int some = Math.min(CHUNK, values.length - k);
      bytes(in, 8 * some).asDoubleBuffer().get(values, k, some);
    }
  }

  private static int[] places(LongBuffer words, int count) {
    int[] places = new int[count];
    int next = 0;
    for (int w = 0; w < words.limit(); w++) {
      for (long word = words.get(w); word != 0; word &= word - 1) {
        places[next++] = (w << 6) + Long.numberOfTrailingZeros(word);
      }
    }
    return places;
  }

  private static ByteBuffer bytes(ObjectInput in, int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
