package dev.talweg.datasets;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * DataFrames as sources: each is a temporary view, under a name that a configuration can have as
 * {@code data.table}.
 *
 * <p>The views are in a clone of the user's session. So two runs at once do not see each other's,
 * names are the same from run to run, which a fingerprint of the configuration needs, and the
 * user's catalog and settings stay as they are. A clone shares the Spark context, what is cached,
 * and the user's own views.
 */
public final class Frames {
  private Frames() {}

  /** A clone of a session that knows each frame by its name. */
  public static SparkSession session(SparkSession spark, Map<String, Dataset<Row>> frames) {
    org.apache.spark.sql.classic.SparkSession own =
        ((org.apache.spark.sql.classic.SparkSession) spark).cloneSession();
    frames.forEach((name, frame) -> moved(own, frame).createOrReplaceTempView(name));
    return own;
  }

  /** The same rows in another session of the same Spark context: views made of them are there. */
  public static Dataset<Row> moved(SparkSession to, Dataset<Row> rows) {
    return org.apache.spark.sql.classic.Dataset.ofRows(
        (org.apache.spark.sql.classic.SparkSession) to,
        ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().logical());
  }
}
