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
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A query's rows, one by one or in columns, in the same partitions: files are cut up under the same
 * settings whenever that is. Rows are planned when they are first asked for, since that compiles
 * code for them, and rows that are read in columns may never be.
 */
final class Partitioned {
  private final Dataset<Row> query;
  private final Map<String, String> settings;
  private final @Nullable JavaRDD<Batch> batches;
  private final @Nullable Apart apart;
  private @Nullable JavaRDD<InternalRow> rows;

  /** Rows whose vectors are null, and the files that have these. */
  record Apart(JavaRDD<InternalRow> rows, VectorFiles.Source vectors) {}

  /**
   * @param vector the column of vectors that may be read apart, or −1
   * @param settings of the session while files are cut up
   */
  Partitioned(Dataset<Row> query, int vector, Map<String, String> settings) {
    this.query = query;
    this.settings = settings;
    SparkPlan plan = execution(query).executedPlan();
    Optional<VectorFiles.Source> files = vector < 0 ? Optional.empty() : files(plan, vector);
    this.batches = under(() -> batches(plan, vector, files));
    this.apart =
        batches != null || files.isEmpty()
            ? null
            : under(() -> new Apart(without(vector), files.get()));
    if (batches == null && apart == null) {
      rows(); // plans the files now
    }
  }

  private Optional<VectorFiles.Source> files(SparkPlan plan, int vector) {
    DataType type = query.schema().apply(vector).dataType();
    return ColumnarScan.parquetColumn(plan, vector)
        .flatMap(column -> VectorFiles.Source.of(query.sparkSession(), column, type));
  }

  private @Nullable JavaRDD<Batch> batches(
      SparkPlan plan, int vector, Optional<VectorFiles.Source> files) {
    Optional<ColumnarScan> scan = ColumnarScan.of(plan);
    if (scan.isEmpty()) {
      return null;
    }
    return files
        .flatMap(vectors -> beside(vector, vectors))
        .orElseGet(() -> counted(scan.get().batches()).map(batch -> new Batch(batch, null)));
  }

  /** Batches without the vectors, and these beside them. */
  private Optional<JavaRDD<Batch>> beside(int vector, VectorFiles.Source vectors) {
    DataType type = query.schema().apply(vector).dataType();
    Dataset<Row> others = query.drop(query.columns()[vector]);
    return ColumnarScan.of(execution(others).executedPlan())
        .map(
            columns ->
                counted(columns.batches())
                    .mapPartitions(
                        batches -> new VectorFiles(vectors).beside(batches, vector, type)));
  }

  private JavaRDD<InternalRow> without(int vector) {
    String name = query.columns()[vector];
    Column none = functions.lit(null).cast(query.schema().apply(vector).dataType());
    return counted(execution(query.withColumn(name, none)).toRdd().toJavaRDD());
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
