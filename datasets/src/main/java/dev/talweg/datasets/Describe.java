package dev.talweg.datasets;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** What an unknown data set holds, and a configuration to begin with. */
@SuppressWarnings("DoNotCallSuggester") // signatures first, bodies next
public final class Describe {
  private Describe() {}

  /**
   * @param paths paths, directories or globs; empty when {@code table} is given
   * @param format null means by the extension
   * @param label the label column; null means to guess
   */
  public static Description of(
      SparkSession spark,
      List<String> paths,
      @Nullable String table,
      @Nullable String format,
      Map<String, String> options,
      @Nullable String label) {
    throw unfinished();
  }

  /**
   * @param bytes size of the files, −1 where unknown
   * @param label the label column, given or guessed; null where none could be
   * @param classes the label's values with their counts, the most frequent first; empty where there
   *     are more than a few
   * @param configuration a suggested configuration, as YAML
   */
  public record Description(
      String format,
      long rows,
      long bytes,
      List<Column> columns,
      @Nullable String label,
      List<LabelCount> classes,
      String configuration,
      List<String> notes) {}

  /**
   * @param type Spark's name of it
   * @param use what would be made of it: numeric, categorical, vector, key, label or ignored
   * @param distinct number of distinct values, estimated within some 2 %
   * @param mean null where the column holds no numbers
   * @param frequent some of the values, the most frequent first
   */
  public record Column(
      String name,
      String type,
      String use,
      long missing,
      long distinct,
      @Nullable Double minimum,
      @Nullable Double mean,
      @Nullable Double maximum,
      List<String> frequent) {}

  /** One value of the label. */
  public record LabelCount(String value, long rows) {}

  private static RuntimeException unfinished() {
    return new UnsupportedOperationException("not finished yet");
  }
}
