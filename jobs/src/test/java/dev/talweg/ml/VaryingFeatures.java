package dev.talweg.ml;

import org.apache.spark.ml.feature.VectorSlicer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The features of {@link SmallData} that are not constant. */
final class VaryingFeatures {
  private VaryingFeatures() {}

  static Dataset<Row> of(Dataset<Row> rows) {
    return new VectorSlicer()
        .setInputCol("features")
        .setOutputCol("varying")
        .setIndices(new int[] {0, 1, 2, 3})
        .transform(rows)
        .drop("features")
        .withColumnRenamed("varying", "features");
  }
}
