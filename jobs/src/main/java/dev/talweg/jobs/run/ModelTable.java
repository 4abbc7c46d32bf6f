package dev.talweg.jobs.run;

import dev.talweg.datasets.Encoding;
import dev.talweg.datasets.Feature;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The table {@code model/}: a row for each parameter, made when it is written.
 *
 * @param slices of a net's parameters; empty for other models
 * @param deviations of the features among the training rows
 * @param curvature the objective's second derivative along each parameter, or empty
 * @param features the feature that a parameter is of; a number that is none's where it is of none
 */
record ModelTable(
    Encoding encoding,
    List<Slice> slices,
    double[] parameters,
    double[] deviations,
    double[] curvature,
    IntUnaryOperator features) {

  static final StructType SCHEMA =
      new StructType()
          .add("slice", DataTypes.StringType, false)
          .add("index", DataTypes.LongType, false)
          .add("feature", DataTypes.StringType, false)
          .add("column", DataTypes.StringType)
          .add("level", DataTypes.StringType)
          .add("value", DataTypes.DoubleType, false)
          .add("deviation", DataTypes.DoubleType)
          .add("curvature", DataTypes.DoubleType)
          .add("class", DataTypes.StringType);

  private static final String BIAS = "intercept";

  /** What the column {@code feature} has for parameters of a net that belong to no feature. */
  private static final String UNIT = "(unit)";

  private static final int ROWS_PER_FILE = 1 << 18;

  /** Writes it, a file for each core at a time. */
  void write(FileSystem files, Path directory) {
    ParquetTable table = new ParquetTable(files, directory, SCHEMA, ParquetTable.Packing.PACKED);
    int parts = (parameters.length + ROWS_PER_FILE - 1) / ROWS_PER_FILE;
    IntStream.range(0, parts)
        .parallel()
        .forEach(
            part -> {
              int from = part * ROWS_PER_FILE;
              int until = Math.min(parameters.length, from + ROWS_PER_FILE);
              table.write(part, IntStream.range(from, until).mapToObj(this::row).iterator());
            });
    table.finish();
  }

  /**
   * The weights that are not zero with the largest effects, at most {@code limit}: by |value ×
   * deviation|, those that belong to no feature last, then by index.
   */
  List<Row> largest(int limit) {
    Comparator<Integer> smallestFirst =
        Comparator.<Integer>comparingDouble(this::effect).thenComparing(Comparator.reverseOrder());
    PriorityQueue<Integer> best = new PriorityQueue<>(smallestFirst);
    for (int at = 0; at < parameters.length; at++) {
      if (parameters[at] != 0 && !slice(at).equals(BIAS)) {
        if (best.size() < limit) {
          best.add(at);
        } else if (effect(at) > effect(best.element())) {
          best.remove();
          best.add(at);
        }
      }
    }
    return best.stream().sorted(smallestFirst.reversed()).map(this::row).toList();
  }

  private double effect(int at) {
    int j = feature(at);
    return j >= 0 && j < deviations.length ? Math.abs(parameters[at] * deviations[j]) : -1;
  }

  private int feature(int at) {
    return features.applyAsInt(at);
  }

  /** The intercepts, in the order of classes. */
  List<Row> intercepts() {
    return IntStream.range(0, parameters.length)
        .filter(at -> slice(at).equals(BIAS))
        .mapToObj(this::row)
        .toList();
  }

  private Row row(int at) {
    int j = feature(at);
    Feature feature = j >= 0 && j < encoding.dimension() ? encoding.feature(j) : null;
    List<String> classes = encoding.classes();
    return RowFactory.create(
        slice(at),
        (long) at,
        feature != null ? feature.name() : slices.isEmpty() ? SavedModel.INTERCEPT : UNIT,
        feature == null ? null : feature.column(),
        feature == null ? null : feature.level(),
        parameters[at],
        feature == null ? null : (Double) deviations[j],
        curvature.length == 0 ? null : (Double) curvature[at],
        classes.isEmpty() || !slices.isEmpty() ? null : classes.get(at % classes.size()));
  }

  /** The layer's part that a parameter of a net is in, else whether it is a weight. */
  private String slice(int at) {
    for (Slice slice : slices) {
      if (at < slice.from() + slice.length()) {
        return slice.name();
      }
    }
    return feature(at) < encoding.dimension() ? "weights" : BIAS;
  }
}
