package dev.talweg.jobs.bench;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of simulated data, written once as Parquet in eight files. Each file has its own seed, so
 * the rows depend on neither the machine nor the number of cores.
 */
interface SimulatedRows extends Serializable {
  int FILES = 8;

  /** The next row of a file. */
  Row row(SplittableRandom random);

  /** Writes {@code rows} rows unless they are there; returns the directory. */
  static String written(
      SparkSession spark, Path files, StructType schema, long rows, long seed, SimulatedRows made) {
    if (!Files.exists(files.resolve("_SUCCESS"))) {
      List<Integer> each = IntStream.range(0, FILES).boxed().toList();
      var data =
          new JavaSparkContext(spark.sparkContext())
              .parallelize(each, FILES)
              .flatMap(file -> rows(new SplittableRandom(file * seed + 1), rows / FILES, made));
      spark.createDataFrame(data, schema).write().mode("overwrite").parquet(files.toString());
    }
    return files.toString();
  }

  private static Iterator<Row> rows(SplittableRandom random, long count, SimulatedRows made) {
    return IntStream.range(0, Math.toIntExact(count)).mapToObj(i -> made.row(random)).iterator();
  }
}
