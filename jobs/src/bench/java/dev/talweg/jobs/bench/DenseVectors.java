package dev.talweg.jobs.bench;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Dense rows, simulated: (label double, features vector of 100 numbers). Feature j is 0.5 u + 0.9
 * v_j of a standard normal u that the row's features share, times 1 + j mod 7, plus j mod 5; the
 * label is Bernoulli of a logistic model.
 */
record DenseVectors() implements SimulatedRows {
  private static final long serialVersionUID = 1L;
  private static final int FEATURES = 100;
  private static final StructType SCHEMA =
      new StructType().add("label", DataTypes.DoubleType).add("features", new VectorUDT());

  /** Writes the rows unless they are there; returns the directory. */
  static String written(SparkSession spark, Path directory, long rows) {
    Path files = directory.resolve("dense-" + rows + ".parquet");
    return SimulatedRows.written(spark, files, SCHEMA, rows, 104_729, new DenseVectors());
  }

  @Override
  public Row row(SplittableRandom random) {
    double[] values = new double[FEATURES];
    double shared = random.nextGaussian();
    double margin = -0.5;
    for (int j = 0; j < FEATURES; j++) {
      double standard = 0.5 * shared + 0.9 * random.nextGaussian();
      margin += standard * (((j * 2654435761L) & 0xffff) / 65536.0 - 0.5) * 0.5;
      values[j] = standard * (1 + j % 7) + j % 5;
    }
    double label = random.nextDouble() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
    return RowFactory.create(label, Vectors.dense(values));
  }
}
