package dev.talweg.jobs;

import dev.talweg.jobs.run.Prediction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name data: shared by predict, evaluate and describe. */
final class DataOptions {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "PATH",
      description = "a file, directory or glob; may be repeated")
  List<String> paths = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "parquet, csv, libsvm, orc or json; else from the extension")
  @Nullable String format;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "passed to Spark's reader, e.g. delimiter=';'; may be repeated")
  Map<String, String> options = new LinkedHashMap<>();

  Prediction.Source source() {
    return new Prediction.Source(paths, format, options);
  }
}
