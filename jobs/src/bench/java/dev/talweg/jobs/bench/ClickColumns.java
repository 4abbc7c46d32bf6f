package dev.talweg.jobs.bench;

import static org.apache.spark.sql.functions.expr;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;

/**
 * Simulated click data in the shape of Criteo's: a label, 13 numeric columns with a heavy tail and
 * missing values, 26 string columns whose levels are frequent as their rank to the minus one. Every
 * value is a hash of (row, column), so the files are the same on every machine.
 */
final class ClickColumns {
  private static final int[] LEVELS = {
    3, 4, 10, 15, 18, 27, 27, 105, 305, 583, 633, 1_460, 2_173, 2_500, 3_194, 5_461, 5_652, 5_683,
    8_351, 10_000, 12_517, 14_992, 20_000, 30_000, 50_000, 80_000
  };

  private ClickColumns() {}

  /** Writes the rows unless they are there; returns the directory. */
  static String written(SparkSession spark, Path directory, long rows) {
    return written(spark, directory.resolve("columns-" + rows + ".parquet"), 0, rows);
  }

  /** A tenth as many rows that {@link #written} does not hold. */
  static String heldOut(SparkSession spark, Path directory, long rows) {
    Path files = directory.resolve("columns-" + rows + "-held-out.parquet");
    return written(spark, files, rows, rows + rows / 10);
  }

  private static String written(SparkSession spark, Path files, long from, long until) {
    if (!Files.exists(files.resolve("_SUCCESS"))) {
      spark
          .range(from, until, 1, 8)
          .select(columns())
          .write()
          .mode("overwrite")
          .parquet(files.toString());
    }
    return files.toString();
  }

  private static Column[] columns() {
    List<Column> columns = new ArrayList<>();
    List<String> effects = new ArrayList<>();
    for (int k = 1; k <= 13; k++) {
      columns.add(
          expr("if(" + uniform(k + 100) + " < " + 0.02 * k + ", null, " + number(k) + ")")
              .as("I" + k));
      effects.add((k % 2 == 0 ? "-" : "") + "0.03 * ln(1 + " + number(k) + ")");
    }
    for (int k = 1; k <= LEVELS.length; k++) {
      columns.add(expr("lower(hex(hash(" + rank(k) + ", " + k + ")))").as("C" + k));
      effects.add(
          "0.4 * (" + "(pmod(xxhash64(" + rank(k) + ", " + k + ", 7L), 1000) / 1000.0) - 0.5)");
    }
    String margin = "-1.1 + " + String.join(" + ", effects);
    columns.add(0, expr("int(" + uniform(0) + " < 1 / (1 + exp(-(" + margin + "))))").as("label"));
    return columns.toArray(Column[]::new);
  }

  private static String uniform(int stream) {
    return "(pmod(xxhash64(id, " + stream + ", 42L), 1048576) / 1048576.0D)";
  }

  private static String number(int k) {
    return "int(exp(" + (2 + k % 5) + " * " + uniform(k) + ") - 1)";
  }

  private static String rank(int k) {
    return "int(pow(" + LEVELS[k - 1] + ".0D, " + uniform(k + 20) + "))";
  }
}
