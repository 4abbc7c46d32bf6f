package dev.talweg.datasets;

import dev.talweg.datasets.parquet.VectorRows;
import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/** The cells of a vector column, in any form, as the entries of a chunk's rows. */
final class VectorCells {
  private static final int[] NONE = {};

  private final RowSchema schema;
  private final RawPartition.Summary summary;
  private final Fault fault;
  private RawChunk chunk;
  private int at;

  /**
   * @param summary is told of the longest vector
   * @param fault is told of what cannot be used
   */
  VectorCells(RowSchema schema, RawPartition.Summary summary, Fault fault, RawChunk chunk) {
    this.schema = schema;
    this.summary = summary;
    this.fault = fault;
    this.chunk = chunk;
  }

  /**
   * Appends the entries of a row's vector behind those of the rows before.
   *
   * @param into the chunk that has them
   * @param place the row's in the chunk
   * @return the row's label, which a line of LIBSVM has
   */
  double read(RawChunk into, int place, InternalRow row, double label) {
    chunk = into;
    at = place;
    int ordinal = schema.vector();
    chunk.starts[at + 1] = chunk.starts[at];
    if (row.isNullAt(ordinal)) {
      fault.note(schema.names().get(ordinal), "null", "is no vector");
      return label;
    }
    if (schema.libsvm()) {
      return libsvm(row.getUTF8String(ordinal).toString());
    }
    DataType type = schema.types().get(ordinal);
    Sequence sequence = schema.plan().sequence();
    if (sequence != null && (type instanceof ArrayType || isVector(type))) {
      sequence(row, ordinal, type, sequence);
    } else if (isVector(type)) {
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
      int places = struct.fieldIndex("indices");
      int values = struct.fieldIndex("values");
      InternalRow vector = row.getStruct(ordinal, struct.length());
      DataType indexType = ((ArrayType) struct.fields()[places].dataType()).elementType();
      DataType valueType = ((ArrayType) struct.fields()[values].dataType()).elementType();
      double[] positions = doubles(vector.getArray(places), indexType);
      int[] indices = new int[positions.length];
      for (int k = 0; k < indices.length; k++) {
        indices[k] = (int) positions[k];
      }
      entries(indices, doubles(vector.getArray(values), valueType), 0);
    }
    return label;
  }

  static double[] doubles(ArrayData array, DataType type) {
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
    int start = chunk.starts[at];
    chunk.reserveEntries(start + count);
    int[] features = chunk.indices;
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
      features[end] = j;
      kept[end] = (float) x;
      end += x != 0 ? 1 : 0;
    }
    if (!sound) {
      entries(indices == null ? null : indices.toIntArray(), values.toDoubleArray(), size);
      return;
    }
    chunk.starts[at + 1] = end;
    summary.vectorSize = Math.max(summary.vectorSize, Math.max(size, previous + 1));
  }

  /**
   * Appends the vectors of rows, as they are read from Parquet.
   *
   * @param place of the first of them in the chunk
   * @param from which row of a batch on
   * @return whether all of them can be used; if not, none was appended
   */
  boolean read(RawChunk into, int place, VectorRows rows, int from, int count) {
    int end = into.starts[place];
    int all = rows.start(from + count) - rows.start(from);
    into.reserveEntries(end + all, place, rows.rows() - from + rows.left());
    int longest = 0;
    for (int k = 0; k < count; k++) {
      int row = from + k;
      if (rows.isNull(row)) {
        return false;
      }
      boolean dense = rows.isDense(row);
      if (!dense && rows.placeCount(row) != rows.count(row)) {
        return false;
      }
      end = entries(into, end, rows, row, dense);
      if (end < 0) {
        return false;
      }
      into.starts[place + k + 1] = end;
      longest = Math.max(longest, rows.length(row));
    }
    summary.vectorSize = Math.max(summary.vectorSize, longest);
    return true;
  }

  /** The entries of a row behind others; their end, or −1 if one is no number or out of order. */
  private static int entries(RawChunk into, int from, VectorRows rows, int row, boolean dense) {
    double[] numbers = rows.numbers();
    int[] places = dense ? NONE : rows.places();
    int[] features = into.indices;
    float[] kept = into.values;
    int start = rows.start(row);
    int first = dense ? 0 : rows.firstPlace(row);
    int count = rows.count(row);
    int end = from;
    int previous = -1;
    boolean sound = true;
    for (int k = 0; k < count; k++) {
      double x = numbers[start + k];
      int j = dense ? k : places[first + k];
      sound &= Math.abs(x) <= Float.MAX_VALUE;
      sound &= j > previous;
      previous = j;
      features[end] = j;
      kept[end] = (float) x;
      end += x != 0 ? 1 : 0;
    }
    return sound ? end : -1;
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
      fault.note(name, numbers.length + " numbers", "are no whole steps of " + of);
      return;
    }
    if (numbers.length > most && sequence.longer() == Sequence.Longer.FAIL) {
      fault.note(
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
    int end = chunk.starts[at + 1];
    int last = numbers.length - 1;
    if (last >= 0 && !fault.found() && numbers[last] == 0) {
      chunk.indices[end] = last;
      chunk.values[end] = 0;
      chunk.starts[at + 1] = end + 1;
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
    int start = chunk.starts[at];
    if (indices != null && indices.length != values.length) {
      fault.note(name, indices.length + " indices", "for " + values.length + " values");
      return;
    }
    chunk.reserveEntries(start + values.length);
    int end = start;
    int previous = -1;
    for (int k = 0; k < values.length; k++) {
      int index = indices == null ? k : indices[k];
      if (!(Math.abs(values[k]) <= Float.MAX_VALUE)) {
        fault.note(name + "[" + index + "]", Double.toString(values[k]), "is not a finite number");
        return;
      }
      if (index <= previous) {
        fault.note(
            name, "index " + index, "does not come after " + previous + ": sort the indices");
        return;
      }
      previous = index;
      if (values[k] != 0) {
        chunk.indices[end] = index;
        chunk.values[end++] = (float) values[k];
      }
    }
    chunk.starts[at + 1] = end;
    summary.vectorSize = Math.max(summary.vectorSize, Math.max(size, previous + 1));
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
        fault.note("label", tokens[0], Cells.noLabel(schema));
      }
    } catch (NumberFormatException e) {
      fault.note("label", "'" + tokens[0] + "'", "is no number");
    }
    int entries = 0;
    for (int k = 1; k < tokens.length && !fault.found(); k++) {
      if (tokens[k].startsWith("qid:")) {
        continue;
      }
      int colon = tokens[k].indexOf(':');
      try {
        indices[entries] = Integer.parseInt(tokens[k].substring(0, Math.max(colon, 0))) - 1;
        values[entries] = Double.parseDouble(tokens[k].substring(colon + 1));
        if (indices[entries++] < 0) {
          fault.note("features", tokens[k], "has index 0 or below: LIBSVM counts from 1");
        }
      } catch (NumberFormatException e) {
        fault.note("features", "'" + tokens[k] + "'", "is not index:value");
      }
    }
    if (!fault.found()) {
      entries(Arrays.copyOf(indices, entries), Arrays.copyOf(values, entries), 0);
    }
    return label;
  }
}
