package dev.talweg.jobs.bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The click set, simulated: (label double, features vector).
 *
 * <p>A row has 13 real features log1p(5·Exp(1)), each missing with probability 0.3, and 26 one-hot
 * features of cardinality 10^(1 + i mod 6) with ids skewed as u⁴, hashed into [13, dimension). The
 * label is Bernoulli of a logistic model whose weights are a hash of the feature.
 *
 * <p>Of 1,000,000 rows and 1,048,576 features, 35.1 million are not zero and some 942,000 features
 * are in use. Mean log loss + λ/2 ‖w‖² at λ = 1e-5 is least at 0.4500521 with the intercept
 * penalized, at 0.45004849 with a free one.
 *
 * @param dimension number of features, more than 13
 */
record ClickVectors(int dimension) implements SimulatedRows {
  private static final long serialVersionUID = 1L;
  private static final int NUMERIC = 13;
  private static final int CATEGORICAL = 26;
  private static final long SEED = 7919;
  private static final StructType SCHEMA =
      new StructType().add("label", DataTypes.DoubleType).add("features", new VectorUDT());

  /** Writes the rows unless they are there; returns the directory. */
  static String written(SparkSession spark, Path directory, long rows, int dimension) {
    Path files = directory.resolve("click-" + rows + "-" + dimension + ".parquet");
    return SimulatedRows.written(spark, files, SCHEMA, rows, SEED, new ClickVectors(dimension));
  }

  @Override
  public Row row(SplittableRandom random) {
    TreeMap<Integer, Double> features = new TreeMap<>();
    double margin = -1.2;
    for (int i = 0; i < NUMERIC; i++) {
      double value = Math.log1p(-Math.log(1 - random.nextDouble()) * 5);
      if (random.nextDouble() < 0.3) {
        continue;
      }
      features.put(i, value);
      margin += value * (((i * 2654435761L) & 0xffff) / 65536.0 - 0.5) * 0.6;
    }
    for (int i = 0; i < CATEGORICAL; i++) {
      double u = random.nextDouble();
      int category = (int) ((int) Math.pow(10, 1 + (i % 6)) * u * u * u * u);
      long hash = (i * 1000003L + category) * 0x9E3779B97F4A7C15L;
      features.put(NUMERIC + (int) ((hash >>> 33) % (dimension - NUMERIC)), 1.0);
      margin += (((hash >>> 11) & 0xffff) / 65536.0 - 0.5) * 0.8;
    }
    double label = random.nextDouble() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
    int[] indices = new int[features.size()];
    double[] values = new double[features.size()];
    int k = 0;
    for (Map.Entry<Integer, Double> feature : features.entrySet()) {
      indices[k] = feature.getKey();
      values[k++] = feature.getValue();
    }
    return RowFactory.create(label, Vectors.sparse(dimension, indices, values));
  }
}
