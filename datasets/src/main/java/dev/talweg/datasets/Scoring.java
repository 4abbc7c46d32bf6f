package dev.talweg.datasets;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Scores rows in batches, through the code that trained. */
@SuppressWarnings("DoNotCallSuggester") // signatures first, bodies next
public final class Scoring {
  private Scoring() {}

  /**
   * One row per row of the training paths of {@code data}: the keys in their own types, {@code
   * label} (null where there is none), {@code margin}, {@code scorer.column()}, and {@code
   * problem}: null, or why the row could not be scored, in which case margin and prediction are
   * null. No row is dropped.
   */
  public static Dataset<Row> score(
      SparkSession spark, DataSpec data, Encoding encoding, int partitions, Scorer scorer) {
    throw unfinished();
  }

  private static RuntimeException unfinished() {
    return new UnsupportedOperationException("not finished yet");
  }
}
