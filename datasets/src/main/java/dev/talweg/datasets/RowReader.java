package dev.talweg.datasets;

import dev.talweg.datasets.RowSchema.SplitColumn;
import dev.talweg.optimizer.loss.LabelRange;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.Platform;
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

  private static final UTF8String CROSS = UTF8String.fromString(FeaturePlan.CROSS);
  private static final UTF8String MISSING = UTF8String.fromString(Encoding.MISSING);

  private final RowSchema schema;
  private final int partition;
  private final boolean labelRequired;
  private final RawPartition out;
  private final Set<String> missing; // texts
  private final double[] numbers;
  private final LabelCounts labels = new LabelCounts(RawPartition.Summary.MOST_LABELS);
  private final FileLevels[] levels;
  private final FileLevels[] hashes;
  private RawChunk chunk;
  private @Nullable ColumnarBatch batch; // that the row read is of, at rowInBatch
  private int rowInBatch;
  private String badColumn = "";
  private String badValue = "";
  private String badReason = "";
  private UTF8String filePath = UTF8String.EMPTY_UTF8;
  private String file = "";
  private long rowInFile;

  RowReader(RowSchema schema, int partition, boolean labelRequired) {
    this.schema = schema;
    this.partition = partition;
    this.labelRequired = labelRequired;
    this.out =
        new RawPartition(
            partition,
            schema.numeric().length,
            schema.dictionaries().length + schema.crosses().length);
    this.missing = new HashSet<>(schema.plan().missing());
    this.numbers = new double[schema.numeric().length];
    this.levels = new FileLevels[schema.dictionaries().length];
    for (int c = 0; c < levels.length; c++) {
      Dictionary dictionary = out.dictionaries[c];
      levels[c] = new FileLevels(dictionary::code);
    }
    this.hashes = new FileLevels[schema.hashed().length];
    Arrays.setAll(hashes, c -> new FileLevels(Dictionary::hash));
    this.chunk = newChunk();
  }

  private RawChunk newChunk() {
    return new RawChunk(
        schema.numeric().length,
        schema.dictionaries().length + schema.crosses().length,
        schema.hashed().length,
        schema.vector() >= 0,
        schema.weight() >= 0,
        schema.offset() >= 0);
  }

  /** Reads them all. */
  RawPartition readAll(Iterator<InternalRow> rows) {
    long position = 0;
    while (rows.hasNext()) {
      read(rows.next(), position++);
    }
    return finish();
  }

  /** Reads them all; the same rows in batches of columns give the same bits. */
  RawPartition readBatches(Iterator<ColumnarBatch> batches) {
    long position = 0;
    while (batches.hasNext()) {
      ColumnarBatch next = batches.next();
      batch = next;
      for (rowInBatch = 0; rowInBatch < next.numRows(); rowInBatch++) {
        read(next.getRow(rowInBatch), position++);
      }
    }
    return finish();
  }

  RawPartition finish() {
    summarizeLabels();
    if (chunk.rows > 0) {
      out.chunks.add(chunk);
    }
    out.close();
    return out;
  }

  /** Reads one row; false if it went to quarantine. */
  boolean read(InternalRow row, long position) {
    locate();
    chunk.reserve();
    if (schema.corrupt() >= 0 && !row.isNullAt(schema.corrupt())) {
      bad("(line)", "", "is not whole: it has other fields than the file's schema");
    }
    double label = schema.libsvm() || !badReason.isEmpty() ? Double.NaN : label(row);
    double weight = badReason.isEmpty() ? weight(row) : 1;
    double offset = badReason.isEmpty() ? offset(row) : 0;
    for (int c = 0; c < numbers.length && badReason.isEmpty(); c++) {
      numbers[c] = number(row, schema.numeric()[c]);
    }
    if (schema.vector() >= 0 && badReason.isEmpty()) {
      label = vector(row, label);
    }
    if (!badReason.isEmpty()) {
      quarantine(row);
      return false;
    }
    append(row, position, label, weight, offset);
    return true;
  }

  /** Why the row read last went to quarantine. */
  String problem() {
    return badColumn + ": " + badValue + " " + badReason;
  }

  @SuppressWarnings(
      "ReferenceEquality") // Spark has one object per file; comparing its bytes for each row costs
  // more
  private void locate() {
    UTF8String path = InputFileBlockHolder.getInputFilePath();
    if (path != filePath) {
      filePath = path;
      rowInFile = path.toString().equals(file) ? rowInFile : 0;
      file = path.toString();
    }
    rowInFile++;
    badReason = "";
  }

  private void quarantine(InternalRow row) {
    String raw =
        schema.corrupt() >= 0 && !row.isNullAt(schema.corrupt())
            ? row.getUTF8String(schema.corrupt()).toString()
            : schema.libsvm() ? row.getUTF8String(schema.vector()).toString() : text(row);
    BadRow bad = new BadRow(file, rowInFile, badColumn, badValue, badReason, raw);
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
        ? Arrays.toString(doubles(row.getArray(ordinal), array.elementType()))
        : row.get(ordinal, type);
  }

  private void bad(String column, String value, String reason) {
    if (badReason.isEmpty()) {
      badColumn = column;
      badValue = value;
      badReason = reason;
    }
  }

  private double label(InternalRow row) {
    int ordinal = schema.label();
    if (ordinal < 0) {
      return Double.NaN;
    }
    if (row.isNullAt(ordinal)) {
      if (labelRequired) {
        bad(schema.names().get(ordinal), "null", "is no label");
      }
      return Double.NaN;
    }
    if (schema.types().get(ordinal) instanceof StringType) {
      return out.labels.code(row.getUTF8String(ordinal));
    }
    double label = value(row, ordinal, schema.types().get(ordinal));
    if (!schema.labels().range().contains(label) && labelRequired) {
      bad(schema.names().get(ordinal), Double.toString(label), noLabel());
    }
    return label;
  }

  private String noLabel() {
    LabelRange range = schema.labels().range();
    return range == LabelRange.ANY
        ? "is no finite label"
        : "is no label of this model: " + range.allowed() + " is allowed";
  }

  /** What the margin has beside its features. */
  private double offset(InternalRow row) {
    int ordinal = schema.offset();
    if (ordinal < 0) {
      return 0;
    }
    boolean exposure = schema.offsetForm() == DataSpec.Offset.Form.EXPOSURE;
    double value =
        row.isNullAt(ordinal) ? Double.NaN : value(row, ordinal, schema.types().get(ordinal));
    double offset = exposure ? StrictMath.log(value) : value;
    if (!Double.isFinite(offset)) {
      bad(
          schema.names().get(ordinal),
          row.isNullAt(ordinal) ? "null" : Double.toString(value),
          exposure
              ? "is no exposure: a finite number above 0 is allowed"
              : "is no offset: a finite number is allowed");
      return 0;
    }
    return offset;
  }

  private double weight(InternalRow row) {
    int ordinal = schema.weight();
    if (ordinal < 0) {
      return 1;
    }
    double weight =
        row.isNullAt(ordinal) ? Double.NaN : value(row, ordinal, schema.types().get(ordinal));
    if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
      bad(
          schema.names().get(ordinal),
          row.isNullAt(ordinal) ? "null" : Double.toString(weight),
          "is no weight: a finite number of at least 0 is allowed");
      return 1;
    }
    return weight;
  }

  /** A number as a float can hold it; NaN where it is missing. */
  private double number(InternalRow row, int ordinal) {
    if (row.isNullAt(ordinal)) {
      return Double.NaN;
    }
    double value = value(row, ordinal, schema.types().get(ordinal));
    if (Double.isInfinite(value)) {
      bad(
          schema.names().get(ordinal),
          Double.toString(value),
          "is infinite; write null where the value is missing");
    } else if (Math.abs(value) > Float.MAX_VALUE) {
      bad(
          schema.names().get(ordinal),
          Double.toString(value),
          "is above 3.4e38, the largest number a feature can be; rescale the column");
    }
    return value;
  }

  private double value(InternalRow row, int ordinal, DataType type) {
    if (type instanceof DoubleType) {
      return row.getDouble(ordinal);
    } else if (type instanceof IntegerType || type instanceof DateType) {
      return row.getInt(ordinal);
    } else if (type instanceof LongType) {
      return row.getLong(ordinal);
    } else if (type instanceof FloatType) {
      return row.getFloat(ordinal);
    } else if (type instanceof BooleanType) {
      return row.getBoolean(ordinal) ? 1 : 0;
    } else if (type instanceof ShortType) {
      return row.getShort(ordinal);
    } else if (type instanceof ByteType) {
      return row.getByte(ordinal);
    } else if (type instanceof DecimalType decimal) {
      return row.getDecimal(ordinal, decimal.precision(), decimal.scale()).toDouble();
    } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return row.getLong(ordinal) * 1e-6;
    } else if (type instanceof StringType) {
      return parsed(row.getUTF8String(ordinal).toString().strip(), ordinal);
    }
    throw new IllegalStateException("column " + schema.names().get(ordinal) + " is " + type);
  }

  private double parsed(String text, int ordinal) {
    if (missing.contains(text)) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      bad(
          schema.names().get(ordinal),
          "'" + text + "'",
          "is no number; add it to features.missing if it stands for a missing one");
      return Double.NaN;
    }
  }

  /** Appends the entries of the vector behind the last row's; returns the label. */
  private double vector(InternalRow row, double label) {
    int ordinal = schema.vector();
    chunk.starts[chunk.rows + 1] = chunk.starts[chunk.rows];
    if (row.isNullAt(ordinal)) {
      bad(schema.names().get(ordinal), "null", "is no vector");
      return label;
    }
    if (schema.libsvm()) {
      return libsvm(row.getUTF8String(ordinal).toString());
    }
    DataType type = schema.types().get(ordinal);
    Sequence sequence = schema.plan().sequence();
    if (sequence != null && (type instanceof ArrayType || isVector(type))) {
      sequence(row, ordinal, type, sequence);
    } else if (batch != null && type.equals(SQLDataTypes.VectorType())) {
      inBatch(batch.column(ordinal));
    } else if (type.equals(SQLDataTypes.VectorType())) {
      InternalRow vector = row.getStruct(ordinal, 4);
      boolean dense = vector.getByte(0) == 1;
      ArrayData values = vector.getArray(3);
      int size = dense ? values.numElements() : vector.getInt(1);
      if (values instanceof UnsafeArrayData direct
          && (dense || vector.getArray(2) instanceof UnsafeArrayData)) {
        direct(dense ? null : (UnsafeArrayData) vector.getArray(2), direct, size);
      } else {
        entries(dense ? null : vector.getArray(2).toIntArray(), values.toDoubleArray(), size);
      }
    } else if (type instanceof ArrayType array) {
      entries(null, doubles(row.getArray(ordinal), array.elementType()), 0);
    } else if (type instanceof StructType struct) {
      int at = struct.fieldIndex("indices");
      int values = struct.fieldIndex("values");
      InternalRow vector = row.getStruct(ordinal, struct.length());
      DataType indexType = ((ArrayType) struct.fields()[at].dataType()).elementType();
      DataType valueType = ((ArrayType) struct.fields()[values].dataType()).elementType();
      double[] positions = doubles(vector.getArray(at), indexType);
      int[] indices = new int[positions.length];
      for (int k = 0; k < indices.length; k++) {
        indices[k] = (int) positions[k];
      }
      entries(indices, doubles(vector.getArray(values), valueType), 0);
    }
    return label;
  }

  private static double[] doubles(ArrayData array, DataType type) {
    if (type instanceof DoubleType && !hasNull(array)) {
      return array.toDoubleArray();
    }
    double[] doubles = new double[array.numElements()];
    for (int k = 0; k < doubles.length; k++) {
      if (array.isNullAt(k)) {
        doubles[k] = Double.NaN;
      } else if (type instanceof FloatType) {
        doubles[k] = array.getFloat(k);
      } else if (type instanceof IntegerType) {
        doubles[k] = array.getInt(k);
      } else if (type instanceof LongType) {
        doubles[k] = array.getLong(k);
      } else if (type instanceof ShortType) {
        doubles[k] = array.getShort(k);
      } else if (type instanceof ByteType) {
        doubles[k] = array.getByte(k);
      } else if (type instanceof DecimalType decimal) {
        doubles[k] = array.getDecimal(k, decimal.precision(), decimal.scale()).toDouble();
      } else {
        doubles[k] = array.getDouble(k);
      }
    }
    return doubles;
  }

  private static boolean hasNull(ArrayData array) {
    for (int k = 0; k < array.numElements(); k++) {
      if (array.isNullAt(k)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What {@link #entries} does, from where Spark keeps the arrays; what looks wrong is left to it.
   */
  private void direct(@Nullable UnsafeArrayData indices, UnsafeArrayData values, int size) {
    int count = values.numElements();
    if (indices != null && indices.numElements() != count) {
      entries(indices.toIntArray(), values.toDoubleArray(), size);
      return;
    }
    int start = chunk.starts[chunk.rows];
    chunk.reserveEntries(start + count);
    int[] at = chunk.indices;
    float[] kept = chunk.values;
    Object base = values.getBaseObject();
    long value = values.getBaseOffset() + UnsafeArrayData.calculateHeaderPortionInBytes(count);
    Object indexBase = indices == null ? base : indices.getBaseObject();
    long index =
        indices == null
            ? 0
            : indices.getBaseOffset() + UnsafeArrayData.calculateHeaderPortionInBytes(count);
    int end = start;
    int previous = -1;
    boolean sound = true;
    for (int k = 0; k < count; k++) {
      double x = Platform.getDouble(base, value + 8L * k);
      int j = indices == null ? k : Platform.getInt(indexBase, index + 4L * k);
      sound = sound && Math.abs(x) <= Float.MAX_VALUE && j > previous;
      previous = j;
      at[end] = j;
      kept[end] = (float) x;
      end += x != 0 ? 1 : 0;
    }
    if (!sound) {
      entries(indices == null ? null : indices.toIntArray(), values.toDoubleArray(), size);
      return;
    }
    chunk.starts[chunk.rows + 1] = end;
    out.summary.vectorSize = Math.max(out.summary.vectorSize, Math.max(size, previous + 1));
  }

  /** What {@link #direct} does, from the columns that a vector column has in a batch. */
  private void inBatch(ColumnVector vector) {
    boolean dense = vector.getChild(0).getByte(rowInBatch) == 1;
    ColumnarArray values = vector.getChild(3).getArray(rowInBatch);
    int size = dense ? values.numElements() : vector.getChild(1).getInt(rowInBatch);
    if (!(vector.getChild(3) instanceof WritableColumnVector valueRuns)
        || !(vector.getChild(2) instanceof WritableColumnVector indexRuns)
        || (!dense && indexRuns.getArrayLength(rowInBatch) != values.numElements())) {
      entries(
          dense ? null : vector.getChild(2).getArray(rowInBatch).toIntArray(),
          values.toDoubleArray(),
          size);
      return;
    }
    int count = values.numElements();
    int start = chunk.starts[chunk.rows];
    chunk.reserveEntries(start + count);
    int[] at = chunk.indices;
    float[] kept = chunk.values;
    WritableColumnVector numbers = valueRuns.getChild(0);
    WritableColumnVector features = indexRuns.getChild(0);
    int value = valueRuns.getArrayOffset(rowInBatch);
    int index = dense ? 0 : indexRuns.getArrayOffset(rowInBatch);
    int end = start;
    int previous = -1;
    boolean sound = true;
    for (int k = 0; k < count; k++) {
      double x = numbers.getDouble(value + k);
      int j = dense ? k : features.getInt(index + k);
      sound = sound && Math.abs(x) <= Float.MAX_VALUE && j > previous;
      previous = j;
      at[end] = j;
      kept[end] = (float) x;
      end += x != 0 ? 1 : 0;
    }
    if (!sound) {
      entries(
          dense ? null : vector.getChild(2).getArray(rowInBatch).toIntArray(),
          values.toDoubleArray(),
          size);
      return;
    }
    chunk.starts[chunk.rows + 1] = end;
    out.summary.vectorSize = Math.max(out.summary.vectorSize, Math.max(size, previous + 1));
  }

  /** A sequence keeps its last number, though it be 0: that is where it ends. */
  private void sequence(InternalRow row, int ordinal, DataType type, Sequence sequence) {
    String name = schema.names().get(ordinal);
    double[] numbers =
        type instanceof ArrayType array
            ? doubles(row.getArray(ordinal), array.elementType())
            : written(row.getStruct(ordinal, 4));
    int most = sequence.most() > 0 ? sequence.most() : Integer.MAX_VALUE;
    if (sequence.channels() > 0 && numbers.length % sequence.channels() != 0) {
      String of = sequence.channels() + " numbers (model.channels)";
      bad(name, numbers.length + " numbers", "are no whole steps of " + of);
      return;
    }
    if (numbers.length > most && sequence.longer() == Sequence.Longer.FAIL) {
      bad(
          name,
          numbers.length + " numbers",
          "are more than the "
              + most
              + " of all steps; train with more model.steps, or model: {longer: truncate}");
      return;
    }
    if (numbers.length > most) {
      numbers = Arrays.copyOfRange(numbers, numbers.length - most, numbers.length);
    }
    entries(null, numbers, 0);
    int end = chunk.starts[chunk.rows + 1];
    int last = numbers.length - 1;
    if (last >= 0 && badReason.isEmpty() && numbers[last] == 0) {
      chunk.indices[end] = last;
      chunk.values[end] = 0;
      chunk.starts[chunk.rows + 1] = end + 1;
    }
  }

  private static boolean isVector(DataType type) {
    return type.equals(SQLDataTypes.VectorType());
  }

  /** All numbers of a vector of {@code spark.ml}. */
  private static double[] written(InternalRow vector) {
    double[] values = vector.getArray(3).toDoubleArray();
    if (vector.getByte(0) == 1) {
      return values;
    }
    double[] numbers = new double[vector.getInt(1)];
    int[] indices = vector.getArray(2).toIntArray();
    for (int k = 0; k < values.length; k++) {
      numbers[indices[k]] = values[k];
    }
    return numbers;
  }

  private void entries(int @Nullable [] indices, double[] values, int size) {
    String name = schema.names().get(schema.vector());
    int start = chunk.starts[chunk.rows];
    if (indices != null && indices.length != values.length) {
      bad(name, indices.length + " indices", "for " + values.length + " values");
      return;
    }
    chunk.reserveEntries(start + values.length);
    int end = start;
    int previous = -1;
    for (int k = 0; k < values.length; k++) {
      int index = indices == null ? k : indices[k];
      if (!(Math.abs(values[k]) <= Float.MAX_VALUE)) {
        bad(name + "[" + index + "]", Double.toString(values[k]), "is not a finite number");
        return;
      }
      if (index <= previous) {
        bad(name, "index " + index, "does not come after " + previous + ": sort the indices");
        return;
      }
      previous = index;
      if (values[k] != 0) {
        chunk.indices[end] = index;
        chunk.values[end++] = (float) values[k];
      }
    }
    chunk.starts[chunk.rows + 1] = end;
    out.summary.vectorSize = Math.max(out.summary.vectorSize, Math.max(size, previous + 1));
  }

  /**
   * {@code label index:value index:value …}, indices from 1 and ascending; {@code #} begins a
   * comment.
   */
  private double libsvm(String line) {
    int comment = line.indexOf('#');
    String[] tokens = (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+", -1);
    double label = Double.NaN;
    int[] indices = new int[tokens.length - 1];
    double[] values = new double[tokens.length - 1];
    try {
      label = Double.parseDouble(tokens[0]);
      if (!schema.labels().range().contains(label)) {
        bad("label", tokens[0], noLabel());
      }
    } catch (NumberFormatException e) {
      bad("label", "'" + tokens[0] + "'", "is no number");
    }
    int entries = 0;
    for (int k = 1; k < tokens.length && badReason.isEmpty(); k++) {
      if (tokens[k].startsWith("qid:")) {
        continue;
      }
      int colon = tokens[k].indexOf(':');
      try {
        indices[entries] = Integer.parseInt(tokens[k].substring(0, Math.max(colon, 0))) - 1;
        values[entries] = Double.parseDouble(tokens[k].substring(colon + 1));
        if (indices[entries++] < 0) {
          bad("features", tokens[k], "has index 0 or below: LIBSVM counts from 1");
        }
      } catch (NumberFormatException e) {
        bad("features", "'" + tokens[k] + "'", "is not index:value");
      }
    }
    if (badReason.isEmpty()) {
      entries(Arrays.copyOf(indices, entries), Arrays.copyOf(values, entries), 0);
    }
    return label;
  }

  private void append(InternalRow row, long position, double label, double weight, double offset) {
    int i = chunk.rows++;
    int split = split(row, position);
    long place = CounterRandom.bits(0, partition, position, 0);
    long hash = Double.doubleToLongBits(label);
    chunk.labels[i] = label;
    if (chunk.weights.length > 0) {
      chunk.weights[i] = weight;
    }
    if (chunk.offsets.length > 0) {
      chunk.offsets[i] = offset;
      hash = mix(hash + Double.doubleToLongBits(offset));
    }
    chunk.splits[i] = (byte) split;
    RawPartition.Summary summary = out.summary;
    for (int c = 0; c < numbers.length; c++) {
      double value = numbers[c];
      chunk.numeric[c][i] = (float) value;
      hash = mix(hash + Double.doubleToLongBits(value));
      if (split == TRAIN) {
        if (Double.isNaN(value)) {
          summary.numeric[c].missing++;
          summary.numeric[c].nan += row.isNullAt(schema.numeric()[c]) ? 0 : 1;
        } else {
          summary.numeric[c].add(value, weight, place);
        }
      }
    }
    for (int c = 0; c < schema.dictionaries().length; c++) {
      int code = -1;
      if (row.isNullAt(schema.dictionaries()[c])) {
        summary.nulls[c] += split == TRAIN ? 1 : 0;
        hash = mix(hash + 1);
      } else {
        Dictionary dictionary = out.dictionaries[c];
        code = (int) level(row, schema.dictionaries()[c], levels[c]);
        hash = mix(hash + dictionary.hash(code));
        if (split == TRAIN) {
          dictionary.count(code);
        }
      }
      chunk.codes[c][i] = code;
    }
    for (int c = 0; c < schema.crosses().length; c++) { // their columns are in the hash already
      int at = schema.dictionaries().length + c;
      Dictionary dictionary = out.dictionaries[at];
      int code = dictionary.code(crossed(row, schema.crosses()[c]));
      chunk.codes[at][i] = code;
      if (split == TRAIN) {
        dictionary.count(code);
      }
    }
    hash = buckets(row, i, hash);
    long entries = 0;
    for (int p = chunk.starts.length > 0 ? chunk.starts[i] : 0;
        chunk.starts.length > 0 && p < chunk.starts[i + 1];
        p++) {
      // multiplications that do not wait for one another; entries have different indices
      long entry =
          (((long) chunk.indices[p] << 32)
                  | (Float.floatToRawIntBits(chunk.values[p]) & 0xFFFFFFFFL))
              * 0x9E3779B97F4A7C15L;
      entries += (entry ^ (entry >>> 32)) * 0xBF58476D1CE4E5B9L;
    }
    hash = mix(hash + entries);
    summary.fingerprint += mix(hash);
    summary.fingerprintToo += mix(hash ^ 0x5DEECE66DL);
    summary.rows[split]++;
    if (split == TRAIN) {
      summary.labelWeight += weight;
      summary.labelSum += weight * label;
      labels.add(label);
    }
    if (chunk.rows == (chunk.starts.length > 0 ? RawChunk.SPARSE_ROWS : RawChunk.ROWS)) {
      RawChunk full = chunk;
      out.chunks.add(full);
      chunk = newChunk();
      chunk.reserveLike(full);
      full.trim();
    }
  }

  private long buckets(InternalRow row, int i, long hash) {
    List<FeatureSpec.Categorical> hashed = schema.plan().hashed();
    long folded = hash;
    for (int c = 0; c < hashed.size(); c++) {
      int ordinal = schema.hashed()[c];
      int bucket = -1;
      if (!row.isNullAt(ordinal)) {
        long level = level(row, ordinal, hashes[c]);
        bucket = Encoding.bucket(level, hashed.get(c).hashBits());
        folded = mix(folded + level);
      }
      chunk.buckets[c][i] = bucket;
    }
    return folded;
  }

  /** What the category of a column stands for. */
  private long level(InternalRow row, int ordinal, FileLevels meanings) {
    return batch != null && schema.types().get(ordinal) instanceof StringType
        ? meanings.of(batch.column(ordinal), rowInBatch)
        : meanings.of(category(row, ordinal));
  }

  /** The levels of several columns as one. */
  private UTF8String crossed(InternalRow row, int[] ordinals) {
    UTF8String[] levels = new UTF8String[ordinals.length];
    for (int k = 0; k < ordinals.length; k++) {
      levels[k] = row.isNullAt(ordinals[k]) ? MISSING : category(row, ordinals[k]);
    }
    return UTF8String.concatWs(CROSS, levels);
  }

  private void summarizeLabels() {
    boolean text = schema.label() >= 0 && schema.types().get(schema.label()) instanceof StringType;
    // of too many, as few as show that: a regression has as many as rows
    boolean many = labels.size() > RawPartition.Summary.MOST_LABELS;
    out.summary.moreLabels = many;
    for (int k = 0; k < (many ? 51 : labels.size()); k++) {
      double label = labels.label(k);
      out.summary.labels.put(
          text ? out.labels.level((int) label) : Double.toString(label), labels.count(k));
    }
  }

  /** The text of a category: numbers and booleans as Spark shows them. */
  private UTF8String category(InternalRow row, int ordinal) {
    DataType type = schema.types().get(ordinal);
    if (type instanceof StringType) {
      return row.getUTF8String(ordinal);
    }
    Object value = row.get(ordinal, type);
    if (type instanceof DoubleType || type instanceof FloatType) {
      return UTF8String.fromString(shown(((Number) value).doubleValue()));
    }
    return UTF8String.fromString(value.toString());
  }

  /** A number as the name of a category or class: whole ones without a point. */
  static String shown(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
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
