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
 * Motor insurance, simulated: exposure uniform in (0, 1] years, 4 numbers and four fields of 6, 11,
 * 22 and 40 levels one-hot (83 features); {@code claims} is Poisson of exposure · exp(margin), some
 * 0.1 a year; {@code cost} a year is the claims' sizes, each a mean of 3 exponentials around
 * exp(margin of its own), by the exposure. {@code offset} is log(exposure).
 */
record InsurancePolicies() implements SimulatedRows {
  private static final long serialVersionUID = 1L;
  private static final int NUMBERS = 4;
  private static final int[] LEVELS = {6, 11, 22, 40};
  static final int FEATURES = 83;

  private static final StructType SCHEMA =
      new StructType()
          .add("claims", DataTypes.DoubleType)
          .add("cost", DataTypes.DoubleType)
          .add("offset", DataTypes.DoubleType)
          .add("features", new VectorUDT());

  /** Writes the rows unless they are there; returns the directory. */
  static String written(SparkSession spark, Path directory, long rows) {
    Path files = directory.resolve("insurance-" + rows + ".parquet");
    return SimulatedRows.written(spark, files, SCHEMA, rows, 15_485_863, new InsurancePolicies());
  }

  @Override
  public Row row(SplittableRandom random) {
    int[] indices = new int[NUMBERS + LEVELS.length];
    double[] values = new double[indices.length];
    double frequency = -2.3;
    double severity = 0;
    for (int j = 0; j < NUMBERS; j++) {
      indices[j] = j;
      values[j] = random.nextGaussian();
      frequency += 0.12 * (j - 1.5) * values[j];
      severity += 0.08 * (1.5 - j) * values[j];
    }
    int first = NUMBERS;
    for (int f = 0; f < LEVELS.length; f++) {
      double u = random.nextDouble();
      int level = (int) (LEVELS[f] * u * u);
      indices[NUMBERS + f] = first + level;
      values[NUMBERS + f] = 1;
      frequency += effect(first + level, 1);
      severity += effect(first + level, 2);
      first += LEVELS[f];
    }
    double exposure = 1 - random.nextDouble();
    int claims = poisson(exposure * Math.exp(frequency), random);
    double paid = 0;
    for (int c = 0; c < claims; c++) {
      double product = random.nextDouble() * random.nextDouble() * random.nextDouble();
      paid += Math.exp(severity) * -Math.log(Math.max(product, Double.MIN_NORMAL)) / 3;
    }
    return RowFactory.create(
        (double) claims,
        paid / exposure,
        Math.log(exposure),
        Vectors.sparse(FEATURES, indices, values));
  }

  private static double effect(int feature, int stream) {
    return (((feature * 2654435761L + stream * 40503L) & 0xffff) / 65536.0 - 0.5) * 0.8;
  }

  private static int poisson(double mean, SplittableRandom random) {
    double limit = Math.exp(-mean);
    int count = 0;
    for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
      count++;
    }
    return count;
  }
}
