package dev.talweg.datasets;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What data to train on, as the configuration's {@code data} says it.
 *
 * @param train paths, directories or globs; empty when {@code table} is given
 * @param format parquet, csv, libsvm, orc or json; null means by the extension
 * @param options passed to Spark's reader
 * @param weight a column of row weights, none negative
 * @param keys columns that are no features and are copied to predictions
 * @param where SQL, applied before anything else
 * @param maxBadRows the largest fraction of rows in quarantine, in [0, 1]
 * @param offset what the margins have beside features and intercept; null for nothing
 */
public record DataSpec(
    List<String> train,
    @Nullable String table,
    @Nullable String format,
    Map<String, String> options,
    Label label,
    @Nullable String weight,
    List<String> keys,
    List<String> ignore,
    @Nullable String where,
    SplitSpec validation,
    SplitSpec test,
    BadRows badRows,
    double maxBadRows,
    @Nullable Offset offset) {

  /** Without an offset. */
  public DataSpec(
      List<String> train,
      @Nullable String table,
      @Nullable String format,
      Map<String, String> options,
      Label label,
      @Nullable String weight,
      List<String> keys,
      List<String> ignore,
      @Nullable String where,
      SplitSpec validation,
      SplitSpec test,
      BadRows badRows,
      double maxBadRows) {
    this(
        train,
        table,
        format,
        options,
        label,
        weight,
        keys,
        ignore,
        where,
        validation,
        test,
        badRows,
        maxBadRows,
        null);
  }

  /** A column that adds to the margin with coefficient 1. */
  public record Offset(String column, Form form) {
    /** What is added. */
    public enum Form {
      /** The number itself. */
      OFFSET,
      /** Its logarithm. */
      EXPOSURE
    }
  }

  /** The label column; {@code positive} names the class that is 1 where labels are not numbers. */
  public record Label(String column, @Nullable String positive) {}

  /** What to do with a row that cannot be used. */
  public enum BadRows {
    QUARANTINE,
    FAIL
  }
}
