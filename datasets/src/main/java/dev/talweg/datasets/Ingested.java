package dev.talweg.datasets;

import dev.talweg.optimizer.objective.Moments;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Data that was read: encoded blocks cached on the cluster, and what is known of them. */
@SuppressWarnings("DoNotCallSuggester") // signatures first, bodies next
public final class Ingested implements AutoCloseable {
  Ingested() {}

  /** The encoded rows, persisted: exactly one element per partition, element i in partition i. */
  public JavaRDD<PartitionBlocks> blocks() {
    throw unfinished();
  }

  /**
   * The training rows alone, redistributed and ordered by a hash of (seed, partition, row): what
   * mini-batches draw from. The same bits wherever it runs; persisted until {@link #close}.
   */
  public JavaRDD<PartitionBlocks> shuffled(long seed) {
    throw unfinished();
  }

  /** Every row that was set aside; not collected. */
  public JavaRDD<BadRow> quarantine() {
    throw unfinished();
  }

  /**
   * The scores of the validation and test rows: columns {@code split}, the keys in their own types,
   * {@code label}, {@code margin}, {@code scorer.column()}, {@code problem}. Reads the source once
   * more.
   */
  public Dataset<Row> predictions(Scorer scorer) {
    throw unfinished();
  }

  /** Number of partitions of {@link #blocks}; fixed by the data and the request, not by cores. */
  public int partitions() {
    throw unfinished();
  }

  public Encoding encoding() {
    throw unfinished();
  }

  /** Sums over the training rows (over the test rows where the encoding was given). */
  public Moments moments() {
    throw unfinished();
  }

  public IngestReport report() {
    throw unfinished();
  }

  /** Unpersists everything. */
  @Override
  public void close() {}

  private static RuntimeException unfinished() {
    return new UnsupportedOperationException("not finished yet");
  }
}
