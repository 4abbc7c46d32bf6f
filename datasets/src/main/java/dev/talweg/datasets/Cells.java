package dev.talweg.datasets;

import dev.talweg.optimizer.loss.LabelRange;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
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
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/** What the cells of a row mean as label, weight, offset, number and category. */
final class Cells {
  private static final UTF8String CROSS = UTF8String.fromString(FeaturePlan.CROSS);
  private static final UTF8String MISSING = UTF8String.fromString(Encoding.MISSING);

  private final RowSchema schema;
  private final boolean labelRequired;
  private final Dictionary labels;
  private final Fault fault;
  private final Set<String> missing; // texts

  /**
   * @param labels of labels that are texts
   * @param fault is told of what cannot be used
   */
  Cells(RowSchema schema, boolean labelRequired, Dictionary labels, Fault fault) {
    this.schema = schema;
    this.labelRequired = labelRequired;
    this.labels = labels;
    this.fault = fault;
    this.missing = new HashSet<>(schema.plan().missing());
  }

  double label(InternalRow row) {
    int ordinal = schema.label();
    if (ordinal < 0) {
      return Double.NaN;
    }
    if (row.isNullAt(ordinal)) {
      if (labelRequired) {
        fault.note(schema.names().get(ordinal), "null", "is no label");
      }
      return Double.NaN;
    }
    if (schema.types().get(ordinal) instanceof StringType) {
      return labels.code(row.getUTF8String(ordinal));
    }
    double label = value(row, ordinal, schema.types().get(ordinal));
    if (!schema.labels().range().contains(label) && labelRequired) {
      fault.note(schema.names().get(ordinal), Double.toString(label), noLabel(schema));
    }
    return label;
  }

  static String noLabel(RowSchema schema) {
    LabelRange range = schema.labels().range();
    return range == LabelRange.ANY
        ? "is no finite label"
        : "is no label of this model: " + range.allowed() + " is allowed";
  }

  /** What the margin has beside its features. */
  double offset(InternalRow row) {
    int ordinal = schema.offset();
    if (ordinal < 0) {
      return 0;
    }
    boolean exposure = schema.offsetForm() == DataSpec.Offset.Form.EXPOSURE;
    double value =
        row.isNullAt(ordinal) ? Double.NaN : value(row, ordinal, schema.types().get(ordinal));
    double offset = exposure ? StrictMath.log(value) : value;
    if (!Double.isFinite(offset)) {
      fault.note(
          schema.names().get(ordinal),
          row.isNullAt(ordinal) ? "null" : Double.toString(value),
          exposure
              ? "is no exposure: a finite number above 0 is allowed"
              : "is no offset: a finite number is allowed");
      return 0;
    }
    return offset;
  }

  double weight(InternalRow row) {
    int ordinal = schema.weight();
    if (ordinal < 0) {
      return 1;
    }
    double weight =
        row.isNullAt(ordinal) ? Double.NaN : value(row, ordinal, schema.types().get(ordinal));
    if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
      fault.note(
          schema.names().get(ordinal),
          row.isNullAt(ordinal) ? "null" : Double.toString(weight),
          "is no weight: a finite number of at least 0 is allowed");
      return 1;
    }
    return weight;
  }

  /** A transformed number as a float can hold it; NaN where it is missing. */
  double number(InternalRow row, int ordinal, NumericTransform transform) {
    if (row.isNullAt(ordinal)) {
      return Double.NaN;
    }
    double value = value(row, ordinal, schema.types().get(ordinal));
    double number = transform.of(value);
    if (Double.isInfinite(value)) {
      fault.note(
          schema.names().get(ordinal),
          Double.toString(value),
          "is infinite; write null where the value is missing");
    } else if (Double.isInfinite(number)) {
      fault.note(
          schema.names().get(ordinal),
          Double.toString(value),
          "has no "
              + transform.text()
              + ": "
              + transform.allowed()
              + " is allowed; write null where the value is missing, or transform: asinh");
    } else if (Math.abs(number) > Float.MAX_VALUE) {
      fault.note(
          schema.names().get(ordinal),
          Double.toString(value),
          "is above 3.4e38, the largest number a feature can be; rescale the column");
    }
    return number;
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
      fault.note(
          schema.names().get(ordinal),
          "'" + text + "'",
          "is no number; add it to features.missing if it stands for a missing one");
      return Double.NaN;
    }
  }

  /** The text of a category: numbers and booleans as Spark shows them. */
  UTF8String category(InternalRow row, int ordinal) {
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

  /** The levels of several columns as one. */
  UTF8String crossed(InternalRow row, int[] ordinals) {
    UTF8String[] levels = new UTF8String[ordinals.length];
    for (int k = 0; k < ordinals.length; k++) {
      levels[k] = row.isNullAt(ordinals[k]) ? MISSING : category(row, ordinals[k]);
    }
    return UTF8String.concatWs(CROSS, levels);
  }

  /** A number as the name of a category or class: whole ones without a point. */
  static String shown(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
