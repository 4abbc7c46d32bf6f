package dev.talweg.datasets;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.execution.datasources.parquet.ParquetDictionary;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * What a text column's values stand for, looked up once for each entry of the file's own dictionary
 * and not once for each row: Parquet numbers the distinct texts of a column in each row group.
 *
 * <p>Spark wraps the row group's dictionary anew for each batch of a few thousand rows, so it is
 * known by what is wrapped. A text whose meaning is {@link #UNKNOWN} by chance is looked up for
 * each row. Not safe for use by several threads.
 */
final class FileLevels {
  private static final @Nullable VarHandle WRAPPER =
      field(
          WritableColumnVector.class,
          "dictionary",
          org.apache.spark.sql.execution.vectorized.Dictionary.class);
  private static final @Nullable VarHandle WRAPPED =
      field(ParquetDictionary.class, "dictionary", org.apache.parquet.column.Dictionary.class);

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final ToLongFunction<UTF8String> meaning;
  private @Nullable Object dictionary;
  private long[] meanings = {};

  FileLevels(ToLongFunction<UTF8String> meaning) {
    this.meaning = meaning;
  }

  /** The meaning of a text from elsewhere. */
  long of(UTF8String text) {
    return meaning.applyAsLong(text);
  }

  /**
   * The meanings of the texts in some rows.
   *
   * @param none of rows that have no text
   */
  void of(ColumnVector column, int from, int rows, long none, long[] into) {
    VarHandle wrapper = WRAPPER;
    VarHandle wrapped = WRAPPED;
    if (wrapper != null
        && wrapped != null
        && column instanceof WritableColumnVector encoded
        && encoded.hasDictionary()) {
      Object own = wrapper.get(encoded);
      Object known = own instanceof ParquetDictionary ? wrapped.get(own) : own;
      remembered(encoded, known, from, rows, none, into);
      return;
    }
    for (int k = 0; k < rows; k++) {
      into[k] =
          column.isNullAt(from + k) ? none : meaning.applyAsLong(column.getUTF8String(from + k));
    }
  }

  private void remembered(
      WritableColumnVector column, Object current, int from, int rows, long none, long[] into) {
    if (current != dictionary) {
      dictionary = current;
      Arrays.fill(meanings, UNKNOWN);
    }
    WritableColumnVector ids = column.getDictionaryIds();
    for (int k = 0; k < rows; k++) {
      if (column.isNullAt(from + k)) {
        into[k] = none;
        continue;
      }
      int id = ids.getDictId(from + k);
      long learned = id < meanings.length ? meanings[id] : UNKNOWN;
      into[k] = learned == UNKNOWN ? learn(id, column.getUTF8String(from + k)) : learned;
    }
  }

  private long learn(int id, UTF8String text) {
    if (id >= meanings.length) {
      int before = meanings.length;
      meanings = Arrays.copyOf(meanings, Math.max(id + 1, Math.max(256, 2 * before)));
      Arrays.fill(meanings, before, meanings.length, UNKNOWN);
    }
    meanings[id] = meaning.applyAsLong(text);
    return meanings[id];
  }

  /** Spark has no accessors for these; null where it has no such field: every row is looked up. */
  private static @Nullable VarHandle field(Class<?> owner, String name, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
          .findVarHandle(owner, name, type);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
