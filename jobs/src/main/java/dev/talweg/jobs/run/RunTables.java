package dev.talweg.jobs.run;

import dev.talweg.datasets.ColumnSummary;
import dev.talweg.datasets.Ingested;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.RunObserver.Phase;
import dev.talweg.jobs.report.RunExtract;
import dev.talweg.optimizer.kernel.Kernels;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.minimizer.SliceFlow;
import dev.talweg.optimizer.net.Net;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.stopping.Termination;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** What a run leaves behind: tables of Parquet, the model, and {@code run.json}. */
final class RunTables {
  private static final StructType ITERATIONS =
      new StructType()
          .add("step", DataTypes.LongType, false)
          .add("epoch", DataTypes.DoubleType, false)
          .add("seconds", DataTypes.DoubleType, false)
          .add("objective", DataTypes.DoubleType, false)
          .add("gradient_norm", DataTypes.DoubleType, false)
          .add("step_length", DataTypes.DoubleType, false)
          .add("learning_rate", DataTypes.DoubleType)
          .add("gap", DataTypes.DoubleType)
          .add("gap_estimate", DataTypes.DoubleType)
          .add("probes", DataTypes.LongType, false)
          .add("passes", DataTypes.DoubleType, false)
          .add("train_metric", DataTypes.DoubleType)
          .add("validation_metric", DataTypes.DoubleType)
          .add("bytes_reduced", DataTypes.LongType, false);

  private static final StructType SLICES =
      new StructType()
          .add("step", DataTypes.LongType, false)
          .add("slice", DataTypes.StringType, false)
          .add("gradient_norm", DataTypes.DoubleType)
          .add("parameter_norm", DataTypes.DoubleType)
          .add("update_ratio", DataTypes.DoubleType)
          .add("effective_rate", DataTypes.DoubleType)
          .add("dead_units", DataTypes.DoubleType);

  private static final StructType METRICS =
      new StructType()
          .add("split", DataTypes.StringType, false)
          .add("group", DataTypes.StringType, false)
          .add("metric", DataTypes.StringType, false)
          .add("value", DataTypes.DoubleType, false)
          .add("standard_error", DataTypes.DoubleType)
          .add("rows", DataTypes.LongType, false);

  private static final StructType CURVES =
      new StructType()
          .add("split", DataTypes.StringType, false)
          .add("curve", DataTypes.StringType, false)
          .add("x", DataTypes.DoubleType, false)
          .add("y", DataTypes.DoubleType, false)
          .add("weight", DataTypes.DoubleType);

  private static final StructType QUARANTINE =
      new StructType()
          .add("file", DataTypes.StringType, false)
          .add("row", DataTypes.LongType, false)
          .add("column", DataTypes.StringType, false)
          .add("value", DataTypes.StringType)
          .add("reason", DataTypes.StringType, false)
          .add("raw", DataTypes.StringType, false);

  private static final StructType FEATURES =
      new StructType()
          .add("column", DataTypes.StringType, false)
          .add("kind", DataTypes.StringType, false)
          .add("features", DataTypes.IntegerType, false)
          .add("missing", DataTypes.LongType, false)
          .add("mean", DataTypes.DoubleType)
          .add("deviation", DataTypes.DoubleType)
          .add("minimum", DataTypes.DoubleType)
          .add("maximum", DataTypes.DoubleType)
          .add("levels", DataTypes.LongType);

  private final SparkSession spark;
  private final RunConfig config;
  private final Ingested data;
  private final Training training;
  private final Optimizing.Outcome outcome;
  private final Evaluations evaluations;
  private final Optional<Certificate> certificate;
  private final Optional<Drift> drift;
  private final Optional<RunSummary.Promotion> promotion;
  private final SavedModel model;
  private final Optional<ModelTable> table; // none of a failed run

  RunTables(
      SparkSession spark,
      RunConfig config,
      Ingested data,
      Training training,
      Optimizing.Outcome outcome,
      Evaluations evaluations,
      Optional<Certificate> certificate,
      Optional<Drift> drift,
      Optional<RunSummary.Promotion> promotion) {
    this.spark = spark;
    this.config = config;
    this.data = data;
    this.training = training;
    this.outcome = outcome;
    this.evaluations = evaluations;
    this.certificate = certificate;
    this.drift = drift;
    this.promotion = promotion;
    this.model = SavedModel.of(config, data, outcome.parameters());
    double[] deviations = new double[data.encoding().dimension()];
    Arrays.setAll(deviations, j -> data.moments().deviation(j));
    this.table =
        outcome.termination() instanceof Termination.Failed
            ? Optional.empty()
            : Optional.of(model.table(deviations, training.curvature(outcome.parameters())));
  }

  /** All tables and the model, below a directory that is empty; of a failed run its steps. */
  void write(FileSystem files, Path directory) {
    write(files, directory, "iterations", ITERATIONS, iterations());
    if (!outcome.flows().isEmpty()) {
      write(files, directory, "slices", SLICES, slices());
    }
    if (table.isEmpty()) {
      return;
    }
    model.write(files, directory, table.get());
    write(files, directory, "metrics", METRICS, metrics());
    write(files, directory, "curves", CURVES, curves());
    write(files, directory, "features", FEATURES, columns());
    write(files, directory, "profile", Drift.PROFILE, Drift.profile(data.profile()));
    drift.ifPresent(found -> write(files, directory, "drift", Drift.SCHEMA, found.rows()));
    if (data.report().quarantinedRows() > 0) {
      parquet(spark.createDataFrame(quarantine(), QUARANTINE), directory, "quarantine");
    } else {
      write(files, directory, "quarantine", QUARANTINE, List.of());
    }
    if (data.report().validationRows() + data.report().testRows() > 0) {
      parquet(data.predictions(model.scorer()), directory, "predictions");
    }
  }

  /** What the report shows of them. */
  RunExtract extract(String directory, RunSummary summary) {
    RunExtract extract = new RunExtract(directory, summary.toTree());
    extract.put(RunExtract.Part.ITERATIONS, ITERATIONS, iterations());
    extract.put(RunExtract.Part.SLICES, SLICES, slices());
    if (table.isEmpty()) {
      return extract;
    }
    extract.put(RunExtract.Part.METRICS, METRICS, metrics());
    extract.put(RunExtract.Part.CURVES, CURVES, curves());
    extract.put(RunExtract.Part.COLUMNS, FEATURES, columns());
    drift.ifPresent(found -> extract.put(RunExtract.Part.DRIFT, Drift.SCHEMA, found.rows()));
    extract.put(
        RunExtract.Part.COEFFICIENTS,
        ModelTable.SCHEMA,
        table.get().largest(RunExtract.Part.COEFFICIENTS.limit()));
    extract.put(RunExtract.Part.INTERCEPT, ModelTable.SCHEMA, table.get().intercepts());
    extract.put(
        RunExtract.Part.QUARANTINE,
        QUARANTINE,
        data.report().quarantinedRows() == 0
            ? List.of()
            : quarantine().take(RunExtract.Part.QUARANTINE.limit()));
    return extract;
  }

  private JavaRDD<Row> quarantine() {
    return data.quarantine()
        .map(b -> RowFactory.create(b.file(), b.row(), b.column(), b.value(), b.reason(), b.raw()));
  }

  private List<Row> slices() {
    List<Row> rows = new ArrayList<>();
    for (SliceFlow flow : outcome.flows()) {
      rows.add(
          RowFactory.create(
              flow.step(),
              flow.slice(),
              orNull(flow.gradientNorm()),
              orNull(flow.parameterNorm()),
              orNull(flow.updateRatio()),
              orNull(flow.effectiveRate()),
              orNull(flow.dead())));
    }
    return rows;
  }

  /** How many features have a weight that is not zero. */
  private long selected() {
    int margins = training.model().margins();
    double[] w = outcome.parameters();
    if (training.model() instanceof Net net && net.products() == 0) {
      return data.encoding().dimension();
    }
    return IntStream.range(0, data.encoding().dimension())
        .mapToObj(
            j ->
                training.model() instanceof Net net
                    ? net.weights(j)
                    : new Net.Weights(j * margins, margins))
        .filter(own -> Arrays.stream(w, own.from(), own.from() + own.count()).anyMatch(x -> x != 0))
        .count();
  }

  private List<Row> iterations() {
    List<Row> rows = new ArrayList<>();
    for (History.Entry entry : outcome.history()) {
      rows.add(
          RowFactory.create(
              entry.step(),
              entry.epoch(),
              entry.seconds(),
              entry.objective(),
              entry.gradientNorm(),
              entry.stepLength(),
              orNull(entry.learningRate()),
              orNull(entry.gap()),
              orNull(entry.gapEstimate()),
              entry.probes(),
              entry.passes(),
              orNull(entry.train()),
              orNull(entry.validation()),
              entry.bytesReduced()));
    }
    return rows;
  }

  private List<Row> metrics() {
    List<Row> rows = new ArrayList<>();
    evaluations
        .bySplit()
        .forEach(
            (split, scores) -> {
              for (Scores.Value value : evaluations.of(split)) {
                rows.add(
                    RowFactory.create(
                        split,
                        "all",
                        value.metric(),
                        value.value(),
                        orNull(value.standardError()),
                        scores.rows()));
              }
              ofClasses(split, scores, rows);
            });
    return rows;
  }

  /** The metrics of each class as a group; none where a class has no rows. */
  private void ofClasses(String split, Scores scores, List<Row> rows) {
    List<Scores.OfClass> classes = scores.byClass();
    for (int k = 0; k < classes.size(); k++) {
      for (Scores.Value value : classes.get(k).values()) {
        if (Double.isFinite(value.value())) {
          rows.add(
              RowFactory.create(
                  split,
                  data.encoding().classes().get(k),
                  value.metric(),
                  value.value(),
                  orNull(value.standardError()),
                  classes.get(k).rows()));
        }
      }
    }
  }

  private List<Row> curves() {
    List<Row> rows = new ArrayList<>();
    evaluations
        .bySplit()
        .forEach(
            (split, scores) ->
                scores
                    .curves()
                    .forEach(
                        (curve, points) ->
                            points.forEach(
                                point ->
                                    rows.add(
                                        RowFactory.create(
                                            split,
                                            curve,
                                            point.x(),
                                            point.y(),
                                            orNull(point.weight()))))));
    return rows;
  }

  private List<Row> columns() {
    List<Row> rows = new ArrayList<>();
    for (ColumnSummary column : data.report().columns()) {
      rows.add(
          RowFactory.create(
              column.column(),
              column.kind().text(),
              column.features(),
              column.missing(),
              column.mean(),
              column.deviation(),
              column.minimum(),
              column.maximum(),
              column.levels()));
    }
    return rows;
  }

  private static void write(
      FileSystem files, Path directory, String table, StructType schema, List<Row> rows) {
    new ParquetTable(files, new Path(directory, table), schema, ParquetTable.Packing.PACKED)
        .write(rows);
  }

  private static void parquet(Dataset<Row> rows, Path directory, String table) {
    rows.write().parquet(new Path(directory, table).toString());
  }

  private static @Nullable Double orNull(double value) {
    return Double.isFinite(value) ? (Double) value : null;
  }

  /** What {@code run.json} holds. */
  RunSummary summary(
      Instant started, Map<Phase, Double> seconds, List<String> warnings, List<String> choices) {
    History.Entry last = outcome.history().get(outcome.history().size() - 1);
    var report = data.report();
    return new RunSummary(
        config.name(),
        Version.current(),
        outcome.termination().status(),
        started.toString(),
        RunSummary.End.of(outcome.termination()),
        new RunSummary.Optimum(
            certificate.map(Certificate::primal).orElse(last.objective()),
            last.gradientNorm(),
            certificate.map(Certificate::relativeGap).orElse(last.gap()),
            last.gapEstimate(),
            kktResidual(last)),
        certificate(),
        last.step(),
        Math.round(outcome.passes()),
        new RunSummary.Rows(
            report.trainRows(),
            report.validationRows(),
            report.testRows(),
            report.quarantinedRows()),
        new RunSummary.Label(
            report.label().column(),
            report.label().kind().name().toLowerCase(Locale.ROOT),
            report.label().positive(),
            report.label().mean()),
        new RunSummary.Features(data.encoding().dimension(), report.columns().size(), selected()),
        evaluations.values(),
        new RunSummary.Seconds(
            Duration.between(started, Instant.now()).toMillis() / 1000.0,
            seconds.getOrDefault(Phase.INGEST, 0.0),
            seconds.getOrDefault(Phase.OPTIMIZE, 0.0),
            seconds.getOrDefault(Phase.EVALUATE, 0.0),
            seconds.getOrDefault(Phase.WRITE, 0.0)),
        outcome.bytesReduced(),
        data.partitions(),
        outcome.resumed() ? 1 : 0,
        warnings,
        Stream.concat(report.notes().stream(), choices.stream()).toList(),
        promotion.orElse(null),
        drift.map(Drift::summary).orElse(null),
        new RunSummary.Fingerprint(
            report.fingerprint(),
            config.fingerprint(),
            SavedModel.fingerprint(outcome.parameters())),
        config.toMap(),
        new RunSummary.Environment(
            spark.version(),
            System.getProperty("java.version", "unknown"),
            spark.sparkContext().master(),
            spark.sparkContext().defaultParallelism(),
            Kernels.provider()));
  }

  private RunSummary.Certificate certificate() {
    return certificate
        .map(
            c ->
                new RunSummary.Certificate(
                    c.primal(),
                    c.dual(),
                    c.relativeGap(),
                    "the optimum lies between the dual and the primal value: no parameters have an"
                        + " objective that is smaller than the dual's"))
        .orElseGet(
            () ->
                RunSummary.Certificate.none(
                    table.isEmpty()
                        ? "the run failed, and what failed is not certified"
                        : training.uncertified()));
  }

  /**
   * With l1 or bounds the norm of the state itself; without, that of the gradient over all rows,
   * where it has to stand for a certificate.
   */
  private double kktResidual(History.Entry last) {
    if (!training.penalty().smooth()) {
      return last.gradientNorm();
    }
    return certificate.isPresent() || table.isEmpty()
        ? Double.NaN
        : training.gradientNorm(outcome.parameters());
  }
}
