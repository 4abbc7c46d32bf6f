package dev.talweg.datasets;

import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads a partition's batches of columns, some hundred rows of a column at a time, to the bits of
 * {@link RowReader}. Rows among which one cannot be used are left to it: it says which, and why.
 */
final class BatchReader {
  private final RowSchema schema;
  private final RowReader rows;
  private final ChunkWriter writer;
  private final FileLevels[] levels;
  private final FileLevels[] hashes;
  private final long[] found = new long[ChunkWriter.STAGED];

  BatchReader(RowSchema schema, int partition, boolean labelRequired) {
    this.schema = schema;
    this.rows = new RowReader(schema, partition, labelRequired);
    this.writer = rows.writer();
    this.levels = new FileLevels[schema.dictionaries().length];
    for (int c = 0; c < levels.length; c++) {
      Dictionary dictionary = writer.out.dictionaries[c];
      levels[c] = new FileLevels(dictionary::code);
    }
    this.hashes = new FileLevels[schema.hashed().length];
    Arrays.setAll(hashes, c -> new FileLevels(Dictionary::hash));
  }

  /** Reads them all. */
  RawPartition readAll(Iterator<Batch> batches) {
    long position = 0;
    while (batches.hasNext()) {
      Batch batch = batches.next();
      int count;
      for (int from = 0; from < batch.rows(); from += count) {
        count = Math.min(writer.room(), batch.rows() - from);
        if (!read(batch, from, count, position + from)) {
          for (int k = 0; k < count; k++) {
            rows.read(batch.row(from + k, schema), position + from + k);
          }
        }
      }
      position += batch.rows();
    }
    return rows.finish();
  }

  /** Reads rows together; false if nothing was read, since one of them cannot be used. */
  private boolean read(Batch all, int from, int count, long position) {
    if (schema.corrupt() >= 0) {
      return false;
    }
    ColumnarBatch batch = all.columns();
    writer.reserve(count);
    boolean sound = true;
    for (int c = 0; c < schema.numeric().length; c++) {
      sound &= numbers(batch, c, from, count);
    }
    for (int k = 0; k < count && sound; k++) {
      InternalRow row = batch.getRow(from + k);
      sound = rows.head(row, writer.next() + k, position + k, all.vectors() == null);
    }
    if (!sound || (all.vectors() != null && !rows.vectors(all.vectors(), from, count))) {
      return false;
    }
    for (int c = 0; c < schema.numeric().length; c++) {
      DataType type = schema.types().get(schema.numeric()[c]);
      if (!(type instanceof IntegerType || type instanceof LongType)) { // whose NaN are nulls
        countNaN(batch.column(schema.numeric()[c]), c, from, count);
      }
    }
    for (int c = 0; c < levels.length; c++) {
      meanings(batch, schema.dictionaries()[c], levels[c], from, count);
      int[] codes = writer.chunk().codes[c];
      for (int k = 0; k < count; k++) {
        codes[writer.next() + k] = (int) found[k];
      }
    }
    for (int c = 0; c < hashes.length; c++) {
      int ordinal = schema.hashed()[c];
      meanings(batch, ordinal, hashes[c], from, count);
      System.arraycopy(found, 0, writer.levels[c], writer.staged(), count);
      int bits = schema.plan().hashed().get(c).hashBits();
      int[] buckets = writer.chunk().buckets[c];
      for (int k = 0; k < count; k++) {
        buckets[writer.next() + k] =
            batch.column(ordinal).isNullAt(from + k) ? -1 : Encoding.bucket(found[k], bits);
      }
    }
    for (int k = 0; k < count && schema.crosses().length > 0; k++) {
      rows.crosses(batch.getRow(from + k), writer.next() + k);
    }
    rows.located(count);
    writer.add(count, position);
    return true;
  }

  /** The numbers of column c, behind those that are not counted yet; false if one is none. */
  private boolean numbers(ColumnarBatch batch, int c, int from, int count) {
    int ordinal = schema.numeric()[c];
    double[] into = writer.numbers[c];
    ColumnVector column = batch.column(ordinal);
    DataType type = schema.types().get(ordinal);
    int at = writer.staged();
    if (type instanceof IntegerType) {
      for (int k = 0; k < count; k++) {
        into[at + k] = column.isNullAt(from + k) ? Double.NaN : column.getInt(from + k);
      }
    } else if (type instanceof DoubleType) {
      for (int k = 0; k < count; k++) {
        into[at + k] = column.isNullAt(from + k) ? Double.NaN : column.getDouble(from + k);
      }
    } else if (type instanceof LongType) {
      for (int k = 0; k < count; k++) {
        into[at + k] = column.isNullAt(from + k) ? Double.NaN : column.getLong(from + k);
      }
    } else if (type instanceof FloatType) {
      for (int k = 0; k < count; k++) {
        into[at + k] = column.isNullAt(from + k) ? Double.NaN : column.getFloat(from + k);
      }
    } else {
      return rows.numbers(batch, c, from, count);
    }
    NumericTransform transform = schema.transform(c);
    for (int k = 0; k < count && transform != NumericTransform.NONE; k++) {
      into[at + k] = transform.of(into[at + k]);
    }
    boolean sound = true;
    for (int k = 0; k < count; k++) {
      sound &= !(Math.abs(into[at + k]) > Float.MAX_VALUE);
    }
    return sound;
  }

  private void countNaN(ColumnVector column, int c, int from, int count) {
    for (int k = 0; k < count; k++) {
      if (Double.isNaN(writer.numbers[c][writer.staged() + k]) && !column.isNullAt(from + k)) {
        rows.countNaN(c, writer.next() + k);
      }
    }
  }

  /** What the categories of a column stand for; −1 for none. */
  private void meanings(
      ColumnarBatch batch, int ordinal, FileLevels meanings, int from, int count) {
    ColumnVector column = batch.column(ordinal);
    if (schema.types().get(ordinal) instanceof StringType) {
      meanings.of(column, from, count, -1, found);
      return;
    }
    for (int k = 0; k < count; k++) {
      InternalRow row = batch.getRow(from + k);
      found[k] = row.isNullAt(ordinal) ? -1 : meanings.of(rows.category(row, ordinal));
    }
  }
}
