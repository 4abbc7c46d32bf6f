package dev.talweg.jobs.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Where a comparison works.
 *
 * @param data simulated and prepared files are kept here
 * @param rows of simulated sets
 * @param sets the directory of the real sets that may not be committed, if it is there
 * @param targets to train to; none: each case's own
 */
record Workspace(
    SparkSession spark, Path data, long rows, @Nullable Path sets, List<Double> targets) {

  Workspace with(List<Double> chosen) {
    return new Workspace(spark, data, rows, sets, chosen);
  }

  /** A directory that runs may replace. */
  Path run(String name) {
    return data.resolve("runs").resolve(name);
  }

  /** A file of a real set. */
  Path set(String file) {
    Path path = sets == null ? Path.of(file) : sets.resolve(file);
    if (sets == null || !Files.exists(path)) {
      throw new NotHere(file + " is not here: give its directory with TALWEG_DATA=DIR");
    }
    return path;
  }

  /** A case cannot run on this machine; the others can. */
  static final class NotHere extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotHere(String message) {
      super(message);
    }
  }
}
