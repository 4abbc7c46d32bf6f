package dev.talweg.datasets;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.InMemoryFileIndex;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A query's rows, one by one or in columns, in the same partitions: files are cut up under the same
 * settings whenever that is. Rows are planned when they are first asked for, since that compiles
 * code for them, and rows that are read in columns may never be.
 */
final class Partitioned {
  private static final Object SETTINGS = new Object();

  private final Dataset<Row> query;
  private final int vector;
  private final Map<String, String> settings;
  private final Optional<ColumnarScan.InParquet> column; // of the vectors
  private final Optional<VectorFiles.Source> vectors; // that are read apart
  private final @Nullable JavaRDD<Batch> batches;
  private @Nullable JavaRDD<InternalRow> rows;
  private @Nullable Apart apart;

  /** Rows whose vectors are null, and the files that have these. */
  record Apart(JavaRDD<InternalRow> rows, VectorFiles.Source vectors) {}

  /**
   * @param vector the column of vectors that may be read apart, or −1
   * @param settings of the session while files are cut up
   */
  Partitioned(Dataset<Row> query, int vector, Map<String, String> settings) {
    this.query = query;
    this.vector = vector;
    this.settings = settings;
    SparkPlan plan = execution(query).executedPlan();
    this.column = vector < 0 ? Optional.empty() : ColumnarScan.inParquet(plan, vector);
    this.vectors =
        column.flatMap(
            found ->
                VectorFiles.Source.of(
                    query.sparkSession(), found, query.schema().apply(vector).dataType()));
    this.batches = under(() -> batches(plan));
    boolean listedAnew = // files of a table may be others when they are planned later
        column.filter(of -> !(of.files().location() instanceof InMemoryFileIndex)).isPresent();
    if (listedAnew || (batches == null && vectors.isEmpty())) {
      rows();
    }
  }

  private @Nullable JavaRDD<Batch> batches(SparkPlan plan) {
    Optional<ColumnarScan> scan = ColumnarScan.of(plan);
    if (scan.isEmpty()) {
      return null;
    }
    return vectors
        .flatMap(this::beside)
        .orElseGet(() -> counted(scan.get().batches()).map(batch -> new Batch(batch, null)));
  }

  /** Batches without the vectors, and these beside them. */
  private Optional<JavaRDD<Batch>> beside(VectorFiles.Source files) {
    DataType type = query.schema().apply(vector).dataType();
    int ordinal = vector;
    SparkPlan others = execution(query.drop(query.columns()[vector])).executedPlan();
    if (!ColumnarScan.reads(others, column.orElseThrow().files())) {
      return Optional.empty();
    }
    return ColumnarScan.of(others)
        .map(
            scan ->
                counted(scan.batches())
                    .mapPartitions(
                        batches -> new VectorFiles(files).beside(batches, ordinal, type)));
  }

  /** Rows without the vectors; null where these cannot be read beside them. */
  private @Nullable Apart without() {
    String name = query.columns()[vector];
    Column none = functions.lit(null).cast(query.schema().apply(vector).dataType());
    QueryExecution others = execution(query.withColumn(name, none));
    return ColumnarScan.reads(others.executedPlan(), column.orElseThrow().files())
        ? new Apart(counted(others.toRdd().toJavaRDD()), vectors.orElseThrow())
        : null;
  }

  private static QueryExecution execution(Dataset<Row> query) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) query).queryExecution();
  }

  /** With its files cut up. */
  private static <T> JavaRDD<T> counted(JavaRDD<T> rdd) {
    rdd.getNumPartitions();
    return rdd;
  }

  /** One by one. */
  JavaRDD<InternalRow> rows() {
    JavaRDD<InternalRow> planned = rows;
    if (planned == null) {
      planned = under(() -> counted(execution(query).toRdd().toJavaRDD()));
      rows = planned;
    }
    return planned;
  }

  /** In columns; null where the query gives rows only. */
  @Nullable JavaRDD<Batch> batches() {
    return batches;
  }

  /** One by one, their vectors apart; null where they come in columns, or with their vectors. */
  @Nullable Apart apart() {
    if (apart == null && batches == null && vectors.isPresent() && rows == null) {
      apart = under(this::without);
    }
    return apart;
  }

  int partitions() {
    if (batches != null) {
      return batches.getNumPartitions();
    }
    return apart != null ? apart.rows().getNumPartitions() : rows().getNumPartitions();
  }

  private <T extends @Nullable Object> T under(Supplier<T> work) {
    SparkSession spark = query.sparkSession();
    synchronized (SETTINGS) { // of threads that share the session
      Map<String, Optional<String>> before = new HashMap<>();
      settings.forEach(
          (key, value) -> {
            before.put(
                key,
                spark.conf().contains(key) ? Optional.of(spark.conf().get(key)) : Optional.empty());
            spark.conf().set(key, value);
          });
      try {
        return work.get();
      } finally {
        before.forEach(
            (key, value) ->
                value.ifPresentOrElse(
                    was -> spark.conf().set(key, was), () -> spark.conf().unset(key)));
      }
    }
  }
}
