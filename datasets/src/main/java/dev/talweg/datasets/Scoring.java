package dev.talweg.datasets;

import dev.talweg.optimizer.block.Block;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Scores rows in batches, through the code that trained. */
public final class Scoring {
  private static final int BATCH = 4096;
  private static final String[] SPLITS = {"train", "validation", "test"};

  private Scoring() {}

  /**
   * A source that was opened for reading.
   *
   * @param schema how they are read
   * @param keys columns to copy
   */
  record Source(SparkSession spark, Partitioned data, RowSchema schema, List<Integer> keys) {}

  /**
   * One row per row of the training paths of {@code data}: the keys in their own types, {@code
   * label} (null where there is none), {@code scorer.columns()}, and {@code problem}: null, or why
   * the row could not be scored, in which case the predictions are null. No row is dropped.
   */
  public static Dataset<Row> score(
      SparkSession spark, DataSpec data, Encoding encoding, int partitions, Scorer scorer) {
    return scored(
        Ingest.source(spark, data, encoding, LabelKind.REAL, partitions, false),
        encoding,
        scorer,
        false);
  }

  static Dataset<Row> heldOut(Source source, Encoding encoding, Scorer scorer) {
    return scored(source, encoding, scorer, true);
  }

  private static Dataset<Row> scored(
      Source source, Encoding encoding, Scorer scorer, boolean heldOut) {
    RowSchema schema = source.schema();
    int[] keys = source.keys().stream().mapToInt(Integer::intValue).toArray();
    StructType output = new StructType();
    if (heldOut) {
      output = output.add("split", DataTypes.StringType);
    }
    for (int key : keys) {
      output = output.add(schema.names().get(key), schema.types().get(key));
    }
    output = output.add("label", labelType(encoding));
    for (StructField column : scorer.columns().fields()) {
      output = output.add(column);
    }
    output = output.add("problem", DataTypes.StringType);
    JavaRDD<InternalRow> rows =
        source
            .data()
            .rows()
            .mapPartitionsWithIndex(
                (partition, input) ->
                    new Batches(schema, encoding, scorer, keys, heldOut, partition, input),
                true);
    return ((org.apache.spark.sql.classic.SparkSession) source.spark())
        .internalCreateDataFrame(rows.rdd(), output, false);
  }

  /** Numbers are numbers; a class that is a text keeps its own. */
  private static DataType labelType(Encoding encoding) {
    return encoding.classes().isEmpty() ? DataTypes.DoubleType : encoding.classType();
  }

  /** Reads a batch, encodes it to a block, and hands out its rows with their scores. */
  private static final class Batches implements Iterator<InternalRow>, Serializable {
    private static final long serialVersionUID = 1L;
    private final RowSchema schema;
    private final transient Encoding encoding;
    private final transient Scorer scorer;
    private final int[] keys;
    private final boolean heldOut;
    private final int partition;
    private final transient Iterator<InternalRow> input;
    private final transient Deque<InternalRow> ready = new ArrayDeque<>();
    private long position;

    Batches(
        RowSchema schema,
        Encoding encoding,
        Scorer scorer,
        int[] keys,
        boolean heldOut,
        int partition,
        Iterator<InternalRow> input) {
      this.schema = schema;
      this.encoding = encoding;
      this.scorer = scorer;
      this.keys = keys;
      this.heldOut = heldOut;
      this.partition = partition;
      this.input = input;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && input.hasNext()) {
        fill();
      }
      return !ready.isEmpty();
    }

    @Override
    public InternalRow next() {
      return ready.removeFirst();
    }

    private void fill() {
      RowReader reader = new RowReader(schema, partition, heldOut);
      List<Object[]> copied = new ArrayList<>();
      List<@Nullable String> problems = new ArrayList<>();
      while (input.hasNext() && copied.size() < BATCH) {
        InternalRow row = input.next();
        boolean good = reader.read(row, position++);
        problems.add(good ? null : reader.problem());
        InternalRow copy = row.copy();
        Object[] own = new Object[keys.length];
        for (int k = 0; k < keys.length; k++) {
          DataType type = schema.types().get(keys[k]);
          own[k] = copy.isNullAt(keys[k]) ? null : copy.get(keys[k], type);
        }
        copied.add(own);
      }
      RawPartition read = reader.finish();
      RawChunk chunk = read.chunks.isEmpty() ? null : read.chunks.get(0);
      double[] margins = new double[0];
      if (chunk != null) {
        int[] all = new int[chunk.rows];
        for (int i = 0; i < all.length; i++) {
          all[i] = i;
        }
        FeaturePlan plan = schema.plan();
        Block block =
            encoding.block(
                plan,
                chunk,
                all,
                encoding.features(plan, read.dictionaries),
                new double[all.length]);
        margins = new double[all.length * scorer.width()];
        scorer.margins(block, margins);
      }
      DoubleUnaryOperator known = Labels.of(read, schema, encoding);
      int scored = 0;
      for (int i = 0; i < copied.size(); i++) {
        boolean good = problems.get(i) == null;
        int split = good && chunk != null ? chunk.splits[scored] : RowReader.TRAIN;
        if (!heldOut || (good && split != RowReader.TRAIN)) {
          double label =
              good && chunk != null ? known.applyAsDouble(chunk.labels[scored]) : Double.NaN;
          ready.add(
              output(
                  copied.get(i),
                  split,
                  label(label),
                  good ? scorer.predict(margins, scored) : nothing(),
                  problems.get(i)));
        }
        scored += good ? 1 : 0;
      }
    }

    private List<@Nullable Object> nothing() {
      return new ArrayList<>(Collections.nCopies(scorer.columns().length(), null));
    }

    /** A label as its column holds it; null where there is none, or none that the model knows. */
    private @Nullable Object label(double label) {
      if (Double.isNaN(label) || (label < 0 && !encoding.classes().isEmpty())) {
        return null;
      } else if (encoding.classes().isEmpty()) {
        return label;
      }
      return encoding.classValue((int) label);
    }

    private InternalRow output(
        Object[] own,
        int split,
        @Nullable Object label,
        List<@Nullable Object> predicted,
        @Nullable String problem) {
      List<@Nullable Object> values = new ArrayList<>();
      if (heldOut) {
        values.add(UTF8String.fromString(SPLITS[split]));
      }
      for (Object value : own) {
        values.add(value);
      }
      values.add(label);
      values.addAll(predicted);
      values.add(problem == null ? null : UTF8String.fromString(problem));
      return new GenericInternalRow(values.toArray());
    }
  }
}
