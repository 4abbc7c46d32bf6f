package dev.talweg.datasets.parquet;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a leaf column: floats and doubles as doubles, whole numbers of 32 bits as such.
 * Plain ones and those of a dictionary are decoded here, those of other encodings by the library's
 * own readers, one by one.
 */
final class LeafValues {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private enum Form {
    PLAIN,
    BY_DICTIONARY,
    OTHER
  }

  private final PrimitiveTypeName type;
  private final boolean whole;
  private final HybridRuns runs = new HybridRuns();
  private Form form = Form.PLAIN;
  private byte[] bytes = new byte[0];
  private int at; // in the bytes
  private int end;
  private int[] ids = new int[0];
  private int[] intEntries = new int[0];
  private double[] realEntries = new double[0];
  private @Nullable Dictionary dictionary;
  private @Nullable ValuesReader reader;

  private int[] ints = new int[0];
  private double[] reals = new double[0];
  private int count;

  /**
   * @param type FLOAT, DOUBLE or INT32
   */
  LeafValues(PrimitiveTypeName type) {
    this.type = type;
    this.whole = type == PrimitiveTypeName.INT32;
  }

  int count() {
    return count;
  }

  /** Whole numbers. */
  int[] ints() {
    return ints;
  }

  /** Others. */
  double[] reals() {
    return reals;
  }

  void clear() {
    count = 0;
  }

  /** The dictionary of the row group, or none. */
  void dictionary(@Nullable Dictionary entries) {
    dictionary = entries;
    int size = entries == null ? 0 : entries.getMaxId() + 1;
    intEntries = new int[whole ? size : 0];
    realEntries = new double[whole ? 0 : size];
    for (int k = 0; k < size && entries != null; k++) {
      if (whole) {
        intEntries[k] = entries.decodeToInt(k);
      } else {
        realEntries[k] =
            type == PrimitiveTypeName.FLOAT ? entries.decodeToFloat(k) : entries.decodeToDouble(k);
      }
    }
  }

  /** Goes on to a page. */
  @SuppressWarnings("deprecation") // PLAIN_DICTIONARY is what pages of version 1 say
  void page(
      Encoding encoding, ColumnDescriptor column, int values, byte[] source, int from, int until)
      throws IOException {
    bytes = source;
    at = from;
    end = until;
    if (encoding == Encoding.PLAIN) {
      form = Form.PLAIN;
    } else if (encoding == Encoding.PLAIN_DICTIONARY || encoding == Encoding.RLE_DICTIONARY) {
      if (dictionary == null) {
        throw new IOException("numbers of a dictionary that is not there");
      }
      form = Form.BY_DICTIONARY;
      boolean empty = from == until; // no number of the page is there
      runs.reset(source, empty ? until : from + 1, until, empty ? 1 : source[from] & 0xff);
    } else {
      form = Form.OTHER;
      reader = encoding.getValuesReader(column, ValuesType.VALUES);
      ByteBuffer rest = ByteBuffer.wrap(Arrays.copyOfRange(source, from, until));
      reader.initFromPage(values, ByteBufferInputStream.wrap(rest));
    }
  }

  /** Appends a number that a list has not. */
  void appendNull() {
    reserve(1);
    if (whole) {
      ints[count++] = -1;
    } else {
      reals[count++] = Double.NaN;
    }
  }

  /** Appends the next numbers of the page. */
  void append(int more) {
    reserve(more);
    switch (form) {
      case PLAIN -> plain(more);
      case BY_DICTIONARY -> byDictionary(more);
      case OTHER -> other(more);
    }
    count += more;
  }

  private void reserve(int more) {
    int all = Math.addExact(count, more);
    if (whole && all > ints.length) {
      ints = Arrays.copyOf(ints, Math.max(all, 2 * ints.length));
    } else if (!whole && all > reals.length) {
      reals = Arrays.copyOf(reals, Math.max(all, 2 * reals.length));
    }
  }

  private void plain(int more) {
    int size = type == PrimitiveTypeName.DOUBLE ? Double.BYTES : Float.BYTES;
    if ((long) more * size > end - at) {
      throw new ParquetDecodingException("a page ends before its numbers");
    }
    byte[] source = bytes;
    int from = at;
    int first = count;
    if (whole) {
      for (int k = 0; k < more; k++) {
        ints[first + k] = (int) INTS.get(source, from + 4 * k);
      }
    } else if (type == PrimitiveTypeName.FLOAT) {
      for (int k = 0; k < more; k++) {
        reals[first + k] = (float) FLOATS.get(source, from + 4 * k);
      }
    } else {
      for (int k = 0; k < more; k++) {
        reals[first + k] = (double) DOUBLES.get(source, from + 8 * k);
      }
    }
    at = from + more * size;
  }

  private void byDictionary(int more) {
    if (whole) {
      runs.read(ints, count, more);
      int[] of = intEntries;
      int[] into = ints;
      for (int k = count; k < count + more; k++) {
        into[k] = of[into[k]];
      }
      return;
    }
    ids = ids.length < more ? new int[more] : ids;
    runs.read(ids, 0, more);
    double[] of = realEntries;
    double[] into = reals;
    int first = count;
    for (int k = 0; k < more; k++) {
      into[first + k] = of[ids[k]];
    }
  }

  private void other(int more) {
    if (reader == null) {
      throw new IllegalStateException("no page");
    }
    for (int k = count; k < count + more; k++) {
      if (whole) {
        ints[k] = reader.readInteger();
      } else {
        reals[k] = type == PrimitiveTypeName.FLOAT ? reader.readFloat() : reader.readDouble();
      }
    }
  }

  static int intAt(byte[] source, int from) {
    return (int) INTS.get(source, from);
  }
}
