package dev.talweg.datasets;

import dev.talweg.datasets.parquet.VectorForm;
import dev.talweg.datasets.parquet.VectorRows;
import java.io.Serializable;
import java.net.URI;
import java.util.Iterator;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FileSourceOptions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a task's rows, read beside Spark, which reads their other columns: Spark says what
 * part of a file a row is of, and the vectors of the same part are in the same row groups, and so
 * in the same order. A part whose vectors are not as many as its rows fails the task.
 */
final class VectorFiles {
  private final Source source;
  private @Nullable UTF8String path; // Spark has an object for each part
  private @Nullable VectorRows part;
  private int row; // of those that the part is at

  /**
   * What tasks must know of the files.
   *
   * @param most rows that are decoded at once, as Spark's own reader does
   * @param sameCase whether names that differ in case are different names
   */
  record Source(
      VectorForm form, Broadcast<SerializableConfiguration> hadoop, int most, boolean sameCase)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * Empty for a type that is no vector to us, where columns are known by numbers, and where Spark
     * is to pass over what it cannot read.
     */
    static Optional<Source> of(SparkSession spark, ColumnarScan.InParquet column, DataType type) {
      FileSourceOptions options = new FileSourceOptions(column.files().options());
      if (options.ignoreCorruptFiles()
          || options.ignoreMissingFiles()
          || Boolean.parseBoolean(spark.conf().get("spark.sql.parquet.fieldId.read.enabled"))) {
        return Optional.empty();
      }
      return VectorForm.of(column.name(), type)
          .map(
              form ->
                  new Source(
                      form,
                      hadoop(spark, column),
                      Integer.parseInt(
                          spark.conf().get("spark.sql.parquet.columnarReaderBatchSize")),
                      Boolean.parseBoolean(spark.conf().get("spark.sql.caseSensitive"))));
    }

    private static Broadcast<SerializableConfiguration> hadoop(
        SparkSession spark, ColumnarScan.InParquet column) {
      var state = ((org.apache.spark.sql.classic.SparkSession) spark).sessionState();
      return JavaSparkContext.fromSparkContext(spark.sparkContext())
          .broadcast(
              new SerializableConfiguration(
                  state.newHadoopConfWithOptions(column.files().options())));
    }
  }

  /** In a task, until it is over. */
  VectorFiles(Source source) {
    this.source = source;
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close());
  }

  /**
   * Batches of Spark's with their vectors.
   *
   * @param ordinal where these are to be among the columns
   */
  Iterator<Batch> beside(Iterator<ColumnarBatch> batches, int ordinal, DataType type) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        boolean more = batches.hasNext();
        if (!more) {
          leave();
        }
        return more;
      }

      @Override
      public Batch next() {
        ColumnarBatch batch = batches.next();
        VectorRows vectors = here();
        decode(vectors, batch.numRows());
        row = batch.numRows() - 1;
        return Batch.of(batch, ordinal, type, vectors);
      }
    };
  }

  /** Goes on to the vector of the row that Spark has read last: it is {@link #row} of these. */
  VectorRows next() {
    VectorRows here = here();
    if (++row >= here.rows()) {
      decode(here, (int) Math.max(1, Math.min(source.most(), here.left())));
      row = 0;
    }
    return here;
  }

  int row() {
    return row;
  }

  /** After the last row. */
  void leave() {
    VectorRows left = part;
    if (left != null && (left.left() > 0 || row + 1 < left.rows())) {
      throw new IllegalStateException(path + " has more vectors than rows");
    }
    close();
  }

  private static void decode(VectorRows vectors, int rows) {
    try {
      vectors.next(rows);
    } catch (ParquetDecodingException e) {
      throw new DataException(String.valueOf(e.getMessage()));
    }
  }

  @SuppressWarnings("ReferenceEquality") // a file that is read twice is two parts of one name
  private VectorRows here() {
    UTF8String now = InputFileBlockHolder.getInputFilePath();
    VectorRows here = part;
    if (here == null || now != path) {
      leave();
      path = now;
      row = -1;
      here = opened(now);
      part = here;
    }
    return here;
  }

  private VectorRows opened(UTF8String file) {
    try {
      return new VectorRows(
          source.hadoop().value().value(),
          new Path(URI.create(file.toString())),
          InputFileBlockHolder.getStartOffset(),
          InputFileBlockHolder.getLength(),
          source.form(),
          source.sameCase());
    } catch (IllegalArgumentException e) {
      throw new DataException(String.valueOf(e.getMessage()));
    }
  }

  private void close() {
    if (part != null) {
      part.close();
      part = null;
    }
  }
}
