package dev.talweg.datasets;

import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** Reads data once: from files of any format to encoded, cached blocks. */
@SuppressWarnings("DoNotCallSuggester") // signatures first, bodies next
public final class Ingest {
  private Ingest() {}

  /**
   * Reads data for training: the encoding is fitted on the training rows.
   *
   * @param seed of the splits
   * @param partitions of the training source; 0 means by the data's size
   * @param log receives one-line notes while it works
   * @throws DataException where the data cannot be used, with every problem found
   */
  public static Ingested read(
      SparkSession spark,
      DataSpec data,
      FeatureSpec features,
      LabelKind kind,
      long seed,
      int partitions,
      Consumer<String> log) {
    throw unfinished();
  }

  /**
   * Reads the training paths of {@code data} with an encoding that is fitted already: all rows land
   * in {@code test}, and each must have a label.
   */
  public static Ingested encode(
      SparkSession spark, DataSpec data, Encoding encoding, int partitions, Consumer<String> log) {
    throw unfinished();
  }

  /**
   * What reading would do, from the schema and the first rows alone; nothing is trained.
   *
   * @throws DataException with every problem found
   */
  public static FeaturePlan plan(
      SparkSession spark, DataSpec data, FeatureSpec features, LabelKind kind) {
    throw unfinished();
  }

  /**
   * The columns that become features, by how.
   *
   * @param notes what was decided and why
   */
  public record FeaturePlan(
      List<String> numeric,
      List<String> categorical,
      List<String> crosses,
      List<String> vector,
      List<String> ignored,
      List<String> notes) {}

  private static RuntimeException unfinished() {
    return new UnsupportedOperationException("not finished yet");
  }
}
