package dev.talweg.datasets;

import dev.talweg.datasets.RowSchema.SplitColumn;
import dev.talweg.datasets.parquet.VectorRows;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one partition, straight from Spark's own row format into primitive columns: no
 * vector is assembled and no object is made for a row.
 *
 * <p>A row is checked before anything is counted: label, weight and numbers first, then the vector,
 * then categories, which cannot be wrong. A row that cannot be used goes to quarantine with the
 * first reason found, and leaves no trace elsewhere.
 */
final class RowReader {
  static final int TRAIN = 0;
  static final int VALIDATION = 1;
  static final int TEST = 2;

  private final RowSchema schema;
  private final int partition;
  private final Fault fault = new Fault();
  private final ChunkWriter writer;
  private final RawPartition out;
  private final Cells cells;
  private final VectorCells vectors;
  private UTF8String filePath = UTF8String.EMPTY_UTF8;
  private String file = "";
  private long rowInFile;

  RowReader(RowSchema schema, int partition, boolean labelRequired) {
    this.schema = schema;
    this.partition = partition;
    this.writer = new ChunkWriter(schema, partition);
    this.out = writer.out;
    this.cells = new Cells(schema, labelRequired, out.labels, fault);
    this.vectors = new VectorCells(schema, out.summary, fault, writer.chunk());
  }

  /** What rows are written to. */
  ChunkWriter writer() {
    return writer;
  }

  /** Reads them all. */
  RawPartition readAll(Iterator<InternalRow> rows) {
    long position = 0;
    while (rows.hasNext()) {
      read(rows.next(), position++);
    }
    return finish();
  }

  /** The same, where their vectors are null, and read apart. */
  RawPartition readAll(Iterator<InternalRow> rows, VectorFiles files) {
    long position = 0;
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      read(row, position++, files.next(), files.row());
    }
    files.leave();
    return finish();
  }

  RawPartition finish() {
    return writer.finish();
  }

  /** Reads one row; false if it went to quarantine. */
  boolean read(InternalRow row, long position) {
    return read(row, position, null, 0);
  }

  /** The same of a row whose vector is one of {@code apart}, unless that is null. */
  private boolean read(InternalRow row, long position, @Nullable VectorRows apart, int there) {
    located(1);
    writer.reserve(1);
    fault.clear();
    if (schema.corrupt() >= 0 && !row.isNullAt(schema.corrupt())) {
      fault.note("(line)", "", "is not whole: it has other fields than the file's schema");
    }
    int at = writer.next();
    int[] numeric = schema.numeric();
    boolean sound = !fault.found() && labelled(row, at, position);
    for (int c = 0; c < numeric.length && sound; c++) {
      writer.numbers[c][writer.staged()] = cells.number(row, numeric[c], schema.transform(c));
      sound = !fault.found();
    }
    if (!sound || !(apart == null ? vector(row, at) : vector(row, at, apart, there))) {
      quarantine(apart == null ? row : Batch.whole(row, apart, there, schema));
      return false;
    }
    for (int c = 0; c < numeric.length; c++) {
      if (Double.isNaN(writer.numbers[c][writer.staged()]) && !row.isNullAt(numeric[c])) {
        countNaN(c, at);
      }
    }
    categories(row, at);
    crosses(row, at);
    writer.add(1, position);
    return true;
  }

  /**
   * Reads what is neither number nor category.
   *
   * @param at the row's place in the chunk
   * @param vectorToo whether the vector is among the row's columns
   * @return whether it can be used
   */
  boolean head(InternalRow row, int at, long position, boolean vectorToo) {
    fault.clear();
    return labelled(row, at, position) && (!vectorToo || vector(row, at));
  }

  /** Reads the vectors of the rows that are next; false if one cannot be used. */
  boolean vectors(VectorRows rows, int from, int count) {
    return vectors.read(writer.chunk(), writer.next(), rows, from, count);
  }

  private boolean labelled(InternalRow row, int at, long position) {
    RawChunk chunk = writer.chunk();
    chunk.labels[at] = schema.libsvm() ? Double.NaN : cells.label(row);
    if (chunk.weights.length > 0) {
      chunk.weights[at] = cells.weight(row);
    }
    if (chunk.offsets.length > 0) {
      chunk.offsets[at] = cells.offset(row);
    }
    chunk.splits[at] = (byte) split(row, position);
    return !fault.found();
  }

  private boolean vector(InternalRow row, int at) {
    if (schema.vector() >= 0) {
      RawChunk chunk = writer.chunk();
      chunk.labels[at] = vectors.read(chunk, at, row, chunk.labels[at]);
    }
    return !fault.found();
  }

  /** The same of a vector that is apart; what looks wrong is put into the row, and read from it. */
  private boolean vector(InternalRow row, int at, VectorRows apart, int there) {
    return vectors.read(writer.chunk(), at, apart, there, 1)
        || vector(Batch.whole(row, apart, there, schema), at);
  }

  /** The numbers of column c of a batch, of any type; false if one is none. */
  boolean numbers(ColumnarBatch batch, int c, int from, int count) {
    fault.clear();
    int ordinal = schema.numeric()[c];
    for (int k = 0; k < count; k++) {
      writer.numbers[c][writer.staged() + k] =
          cells.number(batch.getRow(from + k), ordinal, schema.transform(c));
    }
    return !fault.found();
  }

  /** Counts a number that is there and none, if the row is for training. */
  void countNaN(int c, int at) {
    out.summary.numeric[c].nan += writer.chunk().splits[at] == TRAIN ? 1 : 0;
  }

  private void categories(InternalRow row, int at) {
    RawChunk chunk = writer.chunk();
    for (int c = 0; c < schema.dictionaries().length; c++) {
      int ordinal = schema.dictionaries()[c];
      chunk.codes[c][at] =
          row.isNullAt(ordinal) ? -1 : out.dictionaries[c].code(category(row, ordinal));
    }
    for (int c = 0; c < schema.hashed().length; c++) {
      int ordinal = schema.hashed()[c];
      long level = row.isNullAt(ordinal) ? -1 : Dictionary.hash(category(row, ordinal));
      writer.levels[c][writer.staged()] = level;
      chunk.buckets[c][at] =
          row.isNullAt(ordinal)
              ? -1
              : Encoding.bucket(level, schema.plan().hashed().get(c).hashBits());
    }
  }

  /** The text of a category. */
  UTF8String category(InternalRow row, int ordinal) {
    return cells.category(row, ordinal);
  }

  /** The codes of a row's crosses. */
  void crosses(InternalRow row, int at) {
    for (int c = 0; c < schema.crosses().length; c++) {
      int k = schema.dictionaries().length + c;
      writer.chunk().codes[k][at] =
          out.dictionaries[k].code(cells.crossed(row, schema.crosses()[c]));
    }
  }

  /** Why the row read last went to quarantine. */
  String problem() {
    return fault.describe();
  }

  /** Notes the file that the next rows are of. */
  @SuppressWarnings(
      "ReferenceEquality") // Spark has one object per file; comparing its bytes for each row costs
  // more
  void located(int rows) {
    UTF8String path = InputFileBlockHolder.getInputFilePath();
    if (path != filePath) {
      filePath = path;
      rowInFile = path.toString().equals(file) ? rowInFile : 0;
      file = path.toString();
    }
    rowInFile += rows;
  }

  private void quarantine(InternalRow row) {
    String raw =
        schema.corrupt() >= 0 && !row.isNullAt(schema.corrupt())
            ? row.getUTF8String(schema.corrupt()).toString()
            : schema.libsvm() ? row.getUTF8String(schema.vector()).toString() : text(row);
    BadRow bad = fault.row(file, rowInFile, raw);
    out.bad.add(bad);
    out.summary.bad++;
    if (out.summary.examples.size() < RawPartition.Summary.EXAMPLES) {
      out.summary.examples.add(bad);
    }
  }

  private String text(InternalRow row) {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < schema.names().size(); k++) {
      text.append(k == 0 ? "" : ", ").append(schema.names().get(k)).append('=');
      Object value = row.isNullAt(k) ? null : shown(row, k, schema.types().get(k));
      String shown = value == null ? "null" : value.toString();
      text.append(shown.length() > 80 ? shown.substring(0, 80) + "…" : shown);
    }
    return text.toString();
  }

  private static Object shown(InternalRow row, int ordinal, DataType type) {
    if (type instanceof UserDefinedType<?> user) {
      return user.deserialize(row.getStruct(ordinal, ((StructType) user.sqlType()).length()));
    }
    return type instanceof ArrayType array
        ? Arrays.toString(VectorCells.doubles(row.getArray(ordinal), array.elementType()))
        : row.get(ordinal, type);
  }

  private int split(InternalRow row, long position) {
    return in(schema.test(), row, position)
        ? TEST
        : in(schema.validation(), row, position) ? VALIDATION : TRAIN;
  }

  private boolean in(SplitColumn split, InternalRow row, long position) {
    switch (split.kind()) {
      case NONE:
        return false;
      case ALL:
        return true;
      case FLAG:
        return !row.isNullAt(split.ordinal()) && row.getBoolean(split.ordinal());
      case HASH:
        return within(split, mix(row.getLong(split.ordinal())));
      case POSITION:
      default:
        return within(split, CounterRandom.bits(schema.seed(), partition, position, 1));
    }
  }

  private static boolean within(SplitColumn split, long bits) {
    double u = (bits >>> 11) * 0x1p-53;
    return u >= split.from() && u < split.until();
  }

  /** The finalizer of SplitMix64 (Stafford's variant 13): a bijection that spreads every bit. */
  static long mix(long word) {
    long z = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
