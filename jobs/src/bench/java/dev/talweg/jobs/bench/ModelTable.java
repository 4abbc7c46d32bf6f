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
   * The weights by entry of the vector, and the intercept after them. Where vectors are very long,
   * only the entries that occur are features, and their level is which one.
   *
   * @param dimension how long the vectors are
   */
  static NeutralPass.Linear linear(SparkSession spark, Path run, int dimension) {
    String entry =
        "if(slice = 'intercept', " + dimension + "L, coalesce(bigint(level), index)) as index";
    double[] parameters = parameters(spark, run, dimension + 1, entry);
    return new NeutralPass.Linear(Arrays.copyOf(parameters, dimension), parameters[dimension]);
  }

  /** All parameters by index, those that the table does not name 0. */
  static double[] parameters(SparkSession spark, Path run, int count) {
    return parameters(spark, run, count, "index");
  }

  private static double[] parameters(SparkSession spark, Path run, int count, String index) {
    double[] parameters = new double[count];
    for (Packed part : packed(spark, run, index)) {
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
  private static List<Packed> packed(SparkSession spark, Path run, String index) {
    return spark
        .read()
        .parquet(run.resolve("model").toString())
        .where("value <> 0")
        .selectExpr(index, "value")
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
