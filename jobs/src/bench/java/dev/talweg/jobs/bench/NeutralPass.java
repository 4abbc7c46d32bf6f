package dev.talweg.jobs.bench;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The objective of a linear model by one pass that belongs to no side: rows as Spark reads them,
 * doubles, a plain loop.
 */
final class NeutralPass {
  private NeutralPass() {}

  /** The loss of a margin. */
  interface Loss extends Serializable {
    double at(double margin, double label);
  }

  static final Loss LOGISTIC =
      (z, y) -> Math.max(0, z) - y * z + Math.log1p(Math.exp(-Math.abs(z)));

  static final Loss HINGE = (z, y) -> Math.max(0, 1 - (2 * y - 1) * z);

  static final Loss SQUARED = (z, y) -> 0.5 * (z - y) * (z - y);

  static final Loss POISSON = (z, y) -> Math.exp(z) - y * z;

  /** Poisson's with power 1, Tweedie's with 1 < power < 2; the logarithm as link. */
  static Loss ofVariance(double power) {
    if (power == 1) {
      return POISSON;
    }
    return (z, y) ->
        Math.exp((2 - power) * z) / (2 - power) - y * Math.exp((1 - power) * z) / (1 - power);
  }

  /**
   * Weights and an intercept.
   *
   * @param weights one per feature
   */
  record Linear(double[] weights, double intercept) implements Serializable {
    private static final long serialVersionUID = 1L;

    double margin(Vector features) {
      double z = intercept;
      if (features instanceof SparseVector sparse) {
        int[] indices = sparse.indices();
        double[] values = sparse.values();
        for (int k = 0; k < indices.length; k++) {
          z += weights[indices[k]] * values[k];
        }
      } else {
        double[] values = ((DenseVector) features).values();
        for (int j = 0; j < values.length; j++) {
          z += weights[j] * values[j];
        }
      }
      return z;
    }
  }

  /**
   * Mean loss + l1 ‖w‖₁ + l2/2 ‖w‖², the intercept free.
   *
   * @param rows with columns label (a number), features (a vector) and, if they are there, offset
   *     and weight
   */
  static double objective(Dataset<Row> rows, Loss loss, Linear model, double l1, double l2) {
    double penalty = 0;
    for (double w : model.weights()) {
      penalty += l1 * Math.abs(w) + l2 / 2 * w * w;
    }
    return mean(rows, loss, model) + penalty;
  }

  /** The mean of a function of margin and label. */
  static double mean(Dataset<Row> rows, Loss loss, Linear model) {
    boolean offset = rows.columns().length > 2 && rows.columns()[2].equals("offset");
    boolean weight = rows.columns()[rows.columns().length - 1].equals("weight");
    Broadcast<Linear> shared =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()).broadcast(model);
    JavaRDD<double[]> sums =
        rows.toJavaRDD()
            .mapPartitions(
                part -> {
                  double[] sum = new double[2];
                  while (part.hasNext()) {
                    Row row = part.next();
                    double z =
                        shared.value().margin(row.getAs(1)) + (offset ? row.getDouble(2) : 0);
                    double w = weight ? row.getDouble(row.length() - 1) : 1;
                    sum[0] += w * loss.at(z, row.getDouble(0));
                    sum[1] += w;
                  }
                  return List.of(sum).iterator();
                });
    double total = 0;
    double count = 0;
    for (double[] sum : sums.collect()) {
      total += sum[0];
      count += sum[1];
    }
    shared.destroy();
    return total / count;
  }
}
