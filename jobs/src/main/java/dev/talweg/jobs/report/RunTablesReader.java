package dev.talweg.jobs.report;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.talweg.datasets.DataException;
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
  private static final int COEFFICIENTS = 30;
  private static final int COLUMNS = 500;
  private static final int CLASSES = 1000;
  private static final int BAD_ROWS = 20;
  private static final int STEPS = 20_000;

  private final SparkSession spark;
  private final FileSystem files;
  private final Path run;
  private final ObjectNode page = JSON.createObjectNode();
  private final ArrayNode missing = JSON.createArrayNode();

  private RunTablesReader(SparkSession spark, FileSystem files, Path run) {
    this.spark = spark;
    this.files = files;
    this.run = run;
  }

  /**
   * Everything: {@code run} is run.json, the tables are arrays of rows, {@code missing} names the
   * tables that are not there.
   */
  static JsonNode read(SparkSession spark, FileSystem files, Path run) throws IOException {
    return new RunTablesReader(spark, files, run).read();
  }

  private JsonNode read() throws IOException {
    page.put("directory", run.getName());
    page.set("run", summary());
    table("iterations", "iterations", rows -> rows.orderBy("step").limit(STEPS));
    table("metrics", "metrics", rows -> rows);
    table("curves", "curves", rows -> rows);
    table("columns", "features", rows -> rows.limit(COLUMNS));
    table("coefficients", "model", RunTablesReader::largest);
    table("intercept", "model", RunTablesReader::intercepts);
    table("quarantine", "quarantine", rows -> rows.limit(BAD_ROWS));
    page.set("missing", missing);
    return page;
  }

  private static Dataset<Row> largest(Dataset<Row> model) {
    return model
        .where("slice <> 'intercept' and value <> 0")
        .orderBy(abs(col("value").multiply(col("deviation"))).desc(), col("index"))
        .limit(COEFFICIENTS);
  }

  /** One, or one for each class in their order. */
  private static Dataset<Row> intercepts(Dataset<Row> model) {
    return model.where("slice = 'intercept'").orderBy("index").limit(CLASSES);
  }

  private JsonNode summary() throws IOException {
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

  /** What a page takes of a table. */
  private interface Part {
    Dataset<Row> of(Dataset<Row> table);
  }

  private void table(String name, String directory, Part part) throws IOException {
    Path path = new Path(run, directory);
    ArrayNode rows = page.putArray(name);
    if (!files.exists(path)) {
      missing.add(directory);
      return;
    }
    for (String row : part.of(spark.read().parquet(path.toString())).toJSON().collectAsList()) {
      rows.add(JSON.readTree(row));
    }
  }
}
