package dev.talweg.jobs.bench;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The table {@code model/} of a run, as anybody can read it. */
final class ModelTable {
  private ModelTable() {}

  /**
   * The weights by feature index, and the intercept.
   *
   * @param dimension number of features
   */
  static NeutralPass.Linear linear(SparkSession spark, Path run, int dimension) {
    Dataset<Row> table =
        spark
            .read()
            .parquet(run.resolve("model").toString())
            .where("value <> 0")
            .select("slice", "index", "value");
    double[] weights = new double[dimension];
    double intercept = 0;
    List<Row> rows = table.where("slice = 'intercept'").collectAsList();
    for (Row row : rows) {
      intercept = row.getDouble(2);
    }
    for (Packed part : packed(table.where("slice = 'weights'"))) {
      for (int k = 0; k < part.indices().length; k++) {
        weights[part.indices()[k]] = part.values()[k];
      }
    }
    return new NeutralPass.Linear(weights, intercept);
  }

  private record Packed(int[] indices, double[] values) implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Ten million rows as objects would fill the driver; as arrays they do not. */
  private static List<Packed> packed(Dataset<Row> rows) {
    return rows.toJavaRDD()
        .mapPartitions(
            part -> {
              var indices = java.util.stream.IntStream.builder();
              var values = java.util.stream.DoubleStream.builder();
              part.forEachRemaining(
                  row -> {
                    indices.add((int) row.getLong(1));
                    values.add(row.getDouble(2));
                  });
              return List.of(new Packed(indices.build().toArray(), values.build().toArray()))
                  .iterator();
            })
        .collect();
  }
}
