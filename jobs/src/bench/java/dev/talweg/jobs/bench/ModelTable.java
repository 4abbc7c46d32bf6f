package dev.talweg.jobs.bench;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/** The table {@code model/} of a run, as anybody can read it. */
final class ModelTable {
  private ModelTable() {}

  /**
   * The weights by feature index, and the intercept after them.
   *
   * @param dimension number of features
   */
  static NeutralPass.Linear linear(SparkSession spark, Path run, int dimension) {
    double[] parameters = parameters(spark, run, dimension + 1);
    return new NeutralPass.Linear(Arrays.copyOf(parameters, dimension), parameters[dimension]);
  }

  /** All parameters by index, those that the table does not name 0. */
  static double[] parameters(SparkSession spark, Path run, int count) {
    double[] parameters = new double[count];
    for (Packed part : packed(spark, run)) {
      for (int k = 0; k < part.indices().length; k++) {
        parameters[part.indices()[k]] = part.values()[k];
      }
    }
    return parameters;
  }

  private record Packed(int[] indices, double[] values) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Ten million rows as objects would fill the driver; as arrays they do not. */
  private static List<Packed> packed(SparkSession spark, Path run) {
    return spark
        .read()
        .parquet(run.resolve("model").toString())
        .where("value <> 0")
        .select("index", "value")
        .toJavaRDD()
        .mapPartitions(
            part -> {
              IntStream.Builder indices = IntStream.builder();
              DoubleStream.Builder values = DoubleStream.builder();
              part.forEachRemaining(
                  row -> {
                    indices.add((int) row.getLong(0));
                    values.add(row.getDouble(1));
                  });
              return List.of(new Packed(indices.build().toArray(), values.build().toArray()))
                  .iterator();
            })
        .collect();
  }
}
