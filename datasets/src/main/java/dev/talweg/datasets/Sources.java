package dev.talweg.datasets;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Opens data of any format: parquet, csv, orc, json (lines), libsvm, or a table. */
@SuppressWarnings("DoNotCallSuggester") // signatures first, bodies next
public final class Sources {
  private Sources() {}

  /**
   * The rows of all paths, as Spark reads them.
   *
   * @param paths files, directories or globs, compressed or not; empty when {@code table} is given
   * @param format null means by the extension
   * @param options passed to Spark's reader
   * @param where SQL, or null
   * @throws DataException naming the path and what would be right
   */
  public static Dataset<Row> open(
      SparkSession spark,
      List<String> paths,
      @Nullable String table,
      @Nullable String format,
      Map<String, String> options,
      @Nullable String where) {
    throw unfinished();
  }

  private static RuntimeException unfinished() {
    return new UnsupportedOperationException("not finished yet");
  }
}
