package dev.talweg.jobs.report;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.datasets.DataException;
import dev.talweg.jobs.report.RunExtract.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads what a page shows of a run directory, never more rows of a table than a page can show. */
final class RunTablesReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunTablesReader() {}

  /** Everything; tables that are not there are left out. */
  static RunExtract read(SparkSession spark, FileSystem files, Path run) throws IOException {
    RunExtract extract = new RunExtract(run.getName(), summary(files, run));
    for (Part part : Part.values()) {
      Path table = new Path(run, part.directory());
      if (files.exists(table)) {
        Dataset<Row> rows = of(part, spark.read().parquet(table.toString())).limit(part.limit());
        extract.put(part, rows.schema(), rows.collectAsList());
      }
    }
    return extract;
  }

  private static Dataset<Row> of(Part part, Dataset<Row> table) {
    return switch (part) {
      case ITERATIONS, SLICES -> table.orderBy("step");
      case COEFFICIENTS ->
          table
              .where("slice <> 'intercept' and value <> 0")
              .orderBy(abs(col("value").multiply(col("deviation"))).desc(), col("index"));
      case DRIFT -> table.orderBy(col("psi").desc_nulls_first(), col("column"));
      case INTERCEPT -> table.where("slice = 'intercept'").orderBy("index");
      case METRICS, CURVES, COLUMNS, QUARANTINE -> table;
    };
  }

  private static JsonNode summary(FileSystem files, Path run) throws IOException {
    Path file = new Path(run, "run.json");
    try (InputStream stream = files.open(file)) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      JsonNode summary = JSON.readTree(text);
      if (!summary.path("status").isTextual() || !summary.path("objective").isObject()) {
        throw new DataException(
            file + ": not a run.json of Talweg; give the output directory of a finished run");
      }
      return summary;
    }
  }
}
