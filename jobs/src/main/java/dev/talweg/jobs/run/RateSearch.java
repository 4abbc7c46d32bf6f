package dev.talweg.jobs.run;

import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.RowRange;
import dev.talweg.jobs.config.ConfigException;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.config.RunLength;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.report.Report;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.RateRange;
import dev.talweg.optimizer.objective.BatchObjective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** A learning-rate range test of a configuration: its data, model, rule and batches. */
public final class RateSearch {
  private static final String RATE = "learning-rate";

  private RateSearch() {}

  /** What was seen, and where the page is. */
  public record Found(RateRange.Curve curve, String page) {}

  /**
   * Reads the data, takes the steps, writes {@code find-rate.json} and {@code find-rate.html}.
   *
   * @param output the directory of both
   * @throws ConfigException where the optimizer has no learning rate
   */
  public static Found of(
      SparkSession spark, RunConfig config, RateRange range, String output, RunObserver observer) {
    String kind = config.optimizer().kind();
    boolean scheduled =
        Catalog.optimizers().stream()
            .filter(entry -> entry.name().equals(kind))
            .flatMap(entry -> entry.parameters().stream())
            .anyMatch(p -> p.name().equals(RATE) && p.kind() == Parameter.Kind.SCHEDULE);
    if (!scheduled) {
      throw new ConfigException(
          "optimizer.kind",
          "found "
              + kind
              + ", which has no learning rate that can grow from step to step; choose adam, momentum"
              + " or sgd");
    }
    RunConfig search = config.withRates(range.schedule());
    try (Ingested data =
            Ingest.read(
                spark,
                config.data(),
                config.features(),
                NamedColumns.of(config),
                Training.labels(config),
                config.seed(),
                config.partitions() == null ? 0 : config.partitions().intValue(),
                observer::note);
        Training training = Training.of(config, data)) {
      RunLength.check(search, RowRange.of(data.report().trainRows()));
      Optimization<?, ?> optimization = Optimization.of(search, training, Optional.empty());
      double[] start = optimization.coordinates().standardized(training.start(config));
      RateRange.Curve curve =
          range.run(
              (Descent) optimization.minimizer(), (BatchObjective) optimization.objective(), start);
      Path directory = new Path(output);
      Report.writeRates(spark, directory, config.name(), json(config, range, curve));
      return new Found(curve, new Path(directory, "find-rate.html").toString());
    }
  }

  private static Map<String, Object> json(
      RunConfig config, RateRange range, RateRange.Curve curve) {
    List<Map<String, Object>> points = new ArrayList<>();
    for (RateRange.Point point : curve.points()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("rate", point.rate());
      row.put("loss", point.loss());
      row.put("smoothed", point.smoothed());
      points.add(row);
    }
    Map<String, Object> suggested = new LinkedHashMap<>();
    curve.steepest().ifPresent(rate -> suggested.put("steepest", rate));
    curve.minimumTenth().ifPresent(rate -> suggested.put("minimum-tenth", rate));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", config.name());
    json.put("version", Version.current());
    json.put("optimizer", config.optimizer().kind());
    json.put("from", range.from());
    json.put("to", range.to());
    json.put("steps", range.steps());
    json.put("end", curve.end());
    json.put("suggested", suggested);
    json.put("points", points);
    json.put("configuration", config.toMap());
    return json;
  }

  /** In a few lines. */
  public static String describe(RunConfig config, Found found) {
    StringBuilder text = new StringBuilder(config.name()).append(": ");
    text.append(found.curve().points().size()).append(" steps of ");
    text.append(config.optimizer().kind());
    if (!found.curve().end().isEmpty()) {
      text.append("; ").append(found.curve().end());
    }
    text.append('\n');
    line(text, "steepest descent of the loss", found.curve().steepest());
    line(text, "a tenth of the rate of the lowest loss", found.curve().minimumTenth());
    return text.append("  picture    ").append(found.page()).toString();
  }

  private static void line(StringBuilder text, String what, OptionalDouble rate) {
    if (rate.isPresent()) {
      text.append(
          String.format(
              Locale.ROOT, "  optimizer.learning-rate: %.2g  (%s)%n", rate.getAsDouble(), what));
    }
  }
}
