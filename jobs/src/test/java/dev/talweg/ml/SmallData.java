package dev.talweg.ml;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows that Spark and Talweg are both trained on: features over four orders of magnitude, one off
 * centre, one sparse, one constant and one that is always 0; values that floats hold exactly, so
 * that both see the same numbers.
 */
record SmallData(double[][] features, double[] labels, double[] weights) {
  static final StructType SCHEMA =
      new StructType()
          .add("label", DataTypes.DoubleType)
          .add("weight", DataTypes.DoubleType)
          .add("features", SQLDataTypes.VectorType());

  private static final double[] TRUE = {1.5, -0.02, 0.7, -1.1, 0, 0};

  /** Labels 0 and 1, noisily by a linear margin. */
  static SmallData binary(int rows) {
    return of(rows, 1, margins -> margins[0] > 0 ? 1 : 0);
  }

  /** Labels 0 to 3 of which none has a majority. */
  static SmallData classes(int rows) {
    return of(
        rows,
        4,
        margins -> {
          int best = 0;
          for (int k = 1; k < margins.length; k++) {
            best = margins[k] > margins[best] ? k : best;
          }
          return best;
        });
  }

  /** Labels far from zero. */
  static SmallData numbers(int rows) {
    return of(rows, 1, margins -> 250 + 3 * margins[0]);
  }

  /** Counts, of which a third are 0. */
  static SmallData counts(int rows) {
    return of(rows, 1, margins -> Math.floor(1.5 * Math.exp(0.25 * (margins[0] + 1))));
  }

  /** Amounts above 0. */
  static SmallData amounts(int rows) {
    return of(rows, 1, margins -> 40 * Math.exp(0.25 * margins[0]));
  }

  /** Amounts of which some are 0. */
  static SmallData amountsAndZeros(int rows) {
    return of(rows, 1, margins -> margins[0] > 0 ? 3 * Math.exp(0.2 * margins[0]) : 0);
  }

  /** Shares from 0 to 1 of a number of trials. */
  static SmallData shares(int rows) {
    return of(rows, 1, margins -> Math.rint(4 / (1 + Math.exp(-0.5 * margins[0]))) / 4);
  }

  private static SmallData of(int rows, int margins, ToDoubleFunction<double[]> label) {
    double[][] features = new double[rows][];
    double[] labels = new double[rows];
    double[] weights = new double[rows];
    for (int i = 0; i < rows; i++) {
      double[] x = {
        normal(i, 0),
        (float) (40 + 30 * normal(i, 1)),
        i % 3 == 0 ? (float) (2 * normal(i, 2)) : 0,
        (float) (0.05 * normal(i, 3)),
        2.5,
        0
      };
      x[0] = (float) x[0];
      double[] z = new double[margins];
      for (int k = 0; k < margins; k++) {
        z[k] = 1.5 * normal(i, 10 + k);
        for (int j = 0; j < x.length; j++) {
          z[k] += TRUE[(j + k) % 4] * x[j] * (j == 1 && k > 0 ? 0.02 : j == 3 ? 10 : 1);
        }
      }
      features[i] = x;
      labels[i] = label.applyAsDouble(z);
      weights[i] = 0.5 + (i % 5);
    }
    return new SmallData(features, labels, weights);
  }

  /** Nearly normal: a sum of uniform numbers. */
  private static double normal(long row, long column) {
    double sum = -6;
    for (int k = 0; k < 12; k++) {
      sum += (CounterRandom.bits(11, row, column, k) >>> 11) * 0x1p-53;
    }
    return sum;
  }

  Dataset<Row> frame() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      rows.add(RowFactory.create(labels[i], weights[i], vector(i)));
    }
    return LocalSpark.session().createDataFrame(rows, SCHEMA).coalesce(2);
  }

  private Vector vector(int i) {
    Vector dense = Vectors.dense(features[i]);
    return i % 2 == 0 ? dense : dense.toSparse();
  }

  int dimension() {
    return features[0].length;
  }

  SmallData unweighted() {
    double[] ones = new double[labels.length];
    Arrays.fill(ones, 1);
    return new SmallData(features, labels, ones);
  }
}
