package dev.talweg.datasets;

import dev.talweg.datasets.parquet.VectorForm;
import dev.talweg.datasets.parquet.VectorRows;
import java.io.Serializable;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a task's rows, read beside Spark, which reads their other columns: Spark says what
 * part of a file a row is of, and the vectors of the same part are in the same row groups, and so
 * in the same order.
 */
final class VectorFiles {
  /** Where rows may be missing that we would read, or columns have other names. */
  private static final List<String> GIVEN_UP =
      List.of(
          "spark.sql.files.ignoreCorruptFiles",
          "spark.sql.files.ignoreMissingFiles",
          "spark.sql.parquet.fieldId.read.enabled");

  private static final int LUMP = 4096;

  private final Source source;
  private UTF8String path = UTF8String.EMPTY_UTF8;
  private long start = -1;
  private @Nullable VectorRows part;
  private int row; // of the part's lump

  /** What tasks must know of the files. */
  record Source(VectorForm form, Broadcast<SerializableConfiguration> hadoop)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Empty for a type that is no vector to us, and where rows may be missing. */
    static Optional<Source> of(SparkSession spark, String column, DataType type) {
      if (GIVEN_UP.stream().anyMatch(k -> Boolean.parseBoolean(spark.conf().get(k, "false")))) {
        return Optional.empty();
      }
      return VectorForm.of(column, type).map(form -> new Source(form, told(spark)));
    }

    private static Broadcast<SerializableConfiguration> told(SparkSession spark) {
      var session = (org.apache.spark.sql.classic.SparkSession) spark;
      return JavaSparkContext.fromSparkContext(spark.sparkContext())
          .broadcast(new SerializableConfiguration(session.sessionState().newHadoopConf()));
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
        return batches.hasNext();
      }

      @Override
      public Batch next() {
        ColumnarBatch batch = batches.next();
        VectorRows vectors = here();
        vectors.next(batch.numRows());
        return Batch.of(batch, ordinal, type, vectors);
      }
    };
  }

  /** Goes on to the vector of the row that Spark has read last: it is {@link #row} of these. */
  VectorRows next() {
    VectorRows here = here();
    if (++row >= here.rows()) {
      here.next((int) Math.min(LUMP, here.left()));
      row = 0;
    }
    return here;
  }

  int row() {
    return row;
  }

  private VectorRows here() {
    UTF8String file = InputFileBlockHolder.getInputFilePath();
    long from = InputFileBlockHolder.getStartOffset();
    VectorRows here = part;
    if (here == null || from != start || !file.equals(path)) {
      close();
      path = file;
      start = from;
      row = 0;
      here =
          new VectorRows(
              source.hadoop().value().value(),
              new Path(URI.create(file.toString())),
              from,
              InputFileBlockHolder.getLength(),
              source.form());
      part = here;
    }
    return here;
  }

  private void close() {
    if (part != null) {
      part.close();
      part = null;
    }
  }
}
