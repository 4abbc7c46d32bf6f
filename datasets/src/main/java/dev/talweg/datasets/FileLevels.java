package dev.talweg.datasets;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * What a text column's values stand for, looked up once for each entry of the file's own dictionary
 * and not once for each row: Parquet numbers the distinct texts of a column in each row group.
 *
 * <p>Not safe for use by several threads.
 */
final class FileLevels {
  private static final VarHandle DICTIONARY = dictionary();

  private final ToLongFunction<UTF8String> meaning;
  private @Nullable Object dictionary;
  private long[] meanings = new long[256];
  private boolean[] known = new boolean[256];

  FileLevels(ToLongFunction<UTF8String> meaning) {
    this.meaning = meaning;
  }

  /** The meaning of the text in a row, which is not null. */
  long of(ColumnVector column, int row) {
    return column instanceof WritableColumnVector encoded && encoded.hasDictionary()
        ? remembered(encoded, row)
        : meaning.applyAsLong(column.getUTF8String(row));
  }

  /** The meaning of a text from elsewhere. */
  long of(UTF8String text) {
    return meaning.applyAsLong(text);
  }

  private long remembered(WritableColumnVector column, int row) {
    Object current = DICTIONARY.get(column);
    if (current != dictionary) {
      dictionary = current;
      Arrays.fill(known, false);
    }
    int id = column.getDictionaryIds().getDictId(row);
    if (id >= known.length) {
      int length = Math.max(id + 1, 2 * known.length);
      known = Arrays.copyOf(known, length);
      meanings = Arrays.copyOf(meanings, length);
    }
    if (!known[id]) {
      known[id] = true;
      meanings[id] = meaning.applyAsLong(column.getUTF8String(row));
    }
    return meanings[id];
  }

  /** Spark has no accessor for the field. */
  private static VarHandle dictionary() {
    try {
      return MethodHandles.privateLookupIn(WritableColumnVector.class, MethodHandles.lookup())
          .findVarHandle(
              WritableColumnVector.class,
              "dictionary",
              org.apache.spark.sql.execution.vectorized.Dictionary.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this Spark's column vectors have no dictionary", e);
    }
  }
}
