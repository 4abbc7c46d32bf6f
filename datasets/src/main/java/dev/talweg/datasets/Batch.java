package dev.talweg.datasets;

import dev.talweg.datasets.parquet.VectorForm.Layout;
import dev.talweg.datasets.parquet.VectorRows;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/**
 * Some thousand rows of a partition in columns.
 *
 * @param columns all but the vectors, which are null there, if these are apart
 * @param vectors of the same rows; null where there are none, or they are among the columns
 */
record Batch(ColumnarBatch columns, @Nullable VectorRows vectors) {

  /**
   * Of columns without the vectors, and these.
   *
   * @param ordinal where the vectors are to be among the columns
   */
  static Batch of(ColumnarBatch others, int ordinal, DataType type, VectorRows vectors) {
    ConstantColumnVector absent = new ConstantColumnVector(others.numRows(), type);
    absent.setNull();
    ColumnVector[] columns = new ColumnVector[others.numCols() + 1];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = c == ordinal ? absent : others.column(c < ordinal ? c : c - 1);
    }
    return new Batch(new ColumnarBatch(columns, others.numRows()), vectors);
  }

  int rows() {
    return columns.numRows();
  }

  /** A row with all its columns, in Spark's own form. */
  InternalRow row(int at, RowSchema schema) {
    InternalRow row = columns.getRow(at);
    return vectors == null ? row : whole(row, vectors, at, schema);
  }

  /** A row with its vector, which is null in {@code row}. */
  static InternalRow whole(InternalRow row, VectorRows vectors, int at, RowSchema schema) {
    Object[] cells = new Object[schema.types().size()];
    for (int c = 0; c < cells.length; c++) {
      DataType type = schema.types().get(c);
      if (c == schema.vector()) {
        cells[c] = vector(vectors, at, type);
      } else if (!row.isNullAt(c)) {
        cells[c] = row.get(c, type);
      }
    }
    return new GenericInternalRow(cells);
  }

  private static @Nullable Object vector(VectorRows vectors, int at, DataType type) {
    if (vectors.isNull(at)) {
      return null;
    }
    int start = vectors.start(at);
    double[] numbers = Arrays.copyOfRange(vectors.numbers(), start, start + vectors.count(at));
    if (vectors.layout() == Layout.LIST) {
      return list(numbers, type);
    }
    int[] places = null;
    if (!vectors.isDense(at)) {
      int first = vectors.firstPlace(at);
      places = Arrays.copyOfRange(vectors.places(), first, first + vectors.placeCount(at));
    }
    Object indices = places == null ? null : new GenericArrayData(places);
    if (vectors.layout() == Layout.SPARK) {
      byte dense = (byte) (places == null ? 1 : 0);
      Object[] fields = {dense, vectors.size(at), indices, new GenericArrayData(numbers)};
      return new GenericInternalRow(fields);
    }
    StructType struct = (StructType) type;
    Object[] fields = new Object[struct.length()];
    fields[struct.fieldIndex("indices")] = indices;
    fields[struct.fieldIndex("values")] = list(numbers, struct.apply("values").dataType());
    return new GenericInternalRow(fields);
  }

  private static GenericArrayData list(double[] numbers, DataType type) {
    if (((ArrayType) type).elementType() instanceof FloatType) {
      float[] floats = new float[numbers.length];
      for (int k = 0; k < floats.length; k++) {
        floats[k] = (float) numbers[k];
      }
      return new GenericArrayData(floats);
    }
    return new GenericArrayData(numbers);
  }
}
