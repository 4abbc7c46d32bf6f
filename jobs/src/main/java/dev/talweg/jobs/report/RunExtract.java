package dev.talweg.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What a page shows of one run: run.json and some rows of its tables. They come from the run that
 * has just ended, or from its directory ({@link RunTablesReader}): the same page either way.
 */
public final class RunExtract {
  /** What is shown of a table, and of how many rows at most. */
  public enum Part {
    /** In the order of steps. */
    ITERATIONS("iterations", "iterations", 20_000),
    /** Of first-order methods alone: a run without them is complete. */
    SLICES("slices", "slices", 20_000),
    METRICS("metrics", "metrics", Integer.MAX_VALUE),
    CURVES("curves", "curves", Integer.MAX_VALUE),
    COLUMNS("columns", "features", 500),
    /** Of weights that are not zero, the largest in units of their feature's deviation. */
    COEFFICIENTS("coefficients", "model", 30),
    /** One, or one for each class in their order. */
    INTERCEPT("intercept", "model", 1000),
    QUARANTINE("quarantine", "quarantine", 20),
    /** The columns that moved most first; only where there was a run to compare with. */
    DRIFT("drift", "drift", 500);

    private final String key;
    private final String directory;
    private final int limit;

    Part(String key, String directory, int limit) {
      this.key = key;
      this.directory = directory;
      this.limit = limit;
    }

    /** The table it is of. */
    public String directory() {
      return directory;
    }

    /** How many of its rows are shown. */
    public int limit() {
      return limit;
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String directory;
  private final JsonNode run;
  private final Map<Part, ArrayNode> parts = new EnumMap<>(Part.class);

  /**
   * @param directory the name of the run's output
   * @param run what run.json holds
   */
  public RunExtract(String directory, JsonNode run) {
    this.directory = directory;
    this.run = run;
  }

  /** Shows these rows; those beyond the part's limit are left out. */
  public void put(Part part, StructType schema, List<Row> rows) {
    ArrayNode array = JSON.createArrayNode();
    rows.stream().limit(part.limit()).forEach(row -> array.add(json(schema, row)));
    parts.put(part, array);
  }

  private static ObjectNode json(StructType schema, Row row) {
    ObjectNode json = JSON.createObjectNode();
    for (int k = 0; k < row.length(); k++) {
      if (!row.isNullAt(k)) {
        json.putPOJO(schema.fields()[k].name(), row.get(k));
      }
    }
    return json;
  }

  /**
   * {@code run} is run.json, the parts are arrays of rows, {@code missing} names the tables that
   * are not there.
   */
  JsonNode json() {
    ObjectNode page = JSON.createObjectNode();
    page.put("directory", directory);
    page.set("run", run);
    Set<String> missing = new TreeSet<>();
    for (Part part : Part.values()) {
      ArrayNode rows = parts.get(part);
      page.set(part.key, rows == null ? JSON.createArrayNode() : rows);
      if (rows == null && part != Part.SLICES && part != Part.DRIFT) {
        missing.add(part.directory());
      }
    }
    page.set("missing", JSON.valueToTree(missing));
    return page;
  }
}
