package dev.talweg.datasets.parquet;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How a column has vectors.
 *
 * @param column its name in the files
 * @param floats whether its numbers are floats, not doubles
 */
public record VectorForm(String column, Layout layout, boolean floats) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What fields there are. */
  public enum Layout {
    /** Vectors of {@code spark.ml}: {@code type}, {@code size}, {@code indices}, {@code values}. */
    SPARK,
    /** A struct of two lists, the places of numbers and the numbers. */
    SPARSE,
    /** A list of numbers. */
    LIST;

    /** Those that are leaves or lists; of a list, the list itself. */
    List<String> fields() {
      return switch (this) {
        case SPARK -> List.of("values", "indices", "type", "size");
        case SPARSE -> List.of("values", "indices");
        case LIST -> List.of("values");
      };
    }
  }

  /** Whether a field is a list, and not one number a row. */
  static boolean isList(String field) {
    return field.equals("values") || field.equals("indices");
  }

  /** The form of a column of a type; empty where it is to be read in another way. */
  public static Optional<VectorForm> of(String column, DataType type) {
    if (type.equals(SQLDataTypes.VectorType())) {
      return Optional.of(new VectorForm(column, Layout.SPARK, false));
    }
    if (isReals(type)) {
      return Optional.of(new VectorForm(column, Layout.LIST, isFloats(type)));
    }
    if (type instanceof StructType struct
        && struct.getFieldIndex("indices").isDefined()
        && struct.getFieldIndex("values").isDefined()
        && isReals(struct.apply("values").dataType())
        && struct.apply("indices").dataType() instanceof ArrayType indices
        && indices.elementType().equals(DataTypes.IntegerType)) {
      return Optional.of(
          new VectorForm(column, Layout.SPARSE, isFloats(struct.apply("values").dataType())));
    }
    return Optional.empty();
  }

  private static boolean isReals(DataType type) {
    return isFloats(type)
        || (type instanceof ArrayType list && list.elementType().equals(DataTypes.DoubleType));
  }

  private static boolean isFloats(DataType type) {
    return type instanceof ArrayType list && list.elementType().equals(DataTypes.FloatType);
  }
}
