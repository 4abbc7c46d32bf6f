package dev.talweg.datasets;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;

/** From what a partition reads as labels to numbers of the model. */
final class Labels {
  private Labels() {}

  /** What the labels that a partition read are to the model. */
  static DoubleUnaryOperator of(RawPartition partition, RowSchema schema, Encoding encoding) {
    if (!encoding.classes().isEmpty()) {
      Map<Double, Double> known = new HashMap<>();
      return read -> known.computeIfAbsent(read, r -> encoding.classOf(r, partition, schema));
    }
    double positive = positive(partition, schema, encoding.positive());
    return read -> label(read, positive);
  }

  /**
   * What labels of the positive class read as in a partition, looked up once: the code of a text or
   * a number; one that no row has where the partition has no such label. NaN for real labels.
   */
  private static double positive(
      RawPartition partition, RowSchema schema, @Nullable String positive) {
    if (positive == null) {
      return Double.NaN;
    }
    if (schema.label() >= 0 && schema.types().get(schema.label()) instanceof StringType) {
      for (int code = 0; code < partition.labels.size(); code++) {
        if (partition.labels.level(code).equals(positive)) {
          return code;
        }
      }
      return -1;
    }
    try {
      double number = Double.parseDouble(positive);
      return Double.toString(number).equals(positive) ? number : Double.NEGATIVE_INFINITY;
    } catch (NumberFormatException e) {
      return Double.NEGATIVE_INFINITY; // the model's class is a text, and this column has numbers
    }
  }

  /**
   * The label as the model sees it: 1 for the positive class, 0 for others, or the number.
   *
   * @param positive of {@link #positive}
   */
  private static double label(double read, double positive) {
    if (Double.isNaN(read) || Double.isNaN(positive)) {
      return read;
    }
    return Double.compare(read, positive) == 0 ? 1 : 0;
  }
}
