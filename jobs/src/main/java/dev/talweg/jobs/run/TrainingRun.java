package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.LabelKind;
import dev.talweg.datasets.RowRange;
import dev.talweg.jobs.config.Concealed;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.config.RunLength;
import dev.talweg.jobs.console.Observers;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.console.RunObserver.Phase;
import dev.talweg.jobs.monitor.RunMonitor;
import dev.talweg.jobs.report.Report;
import dev.talweg.optimizer.catalog.Automatic;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.loss.KinkedLoss;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.stopping.Termination;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * One training run, from the configuration to the published output: read the data once, optimize,
 * evaluate, write, publish. The only orchestrator.
 */
public final class TrainingRun {
  private static final AtomicLong INGESTS = new AtomicLong();

  private final SparkSession spark;
  private final RunConfig config;
  private final Concealed concealed;
  private final RunOptions options;
  private final RunObserver observer;
  private final Interrupt interrupt;
  private final Instant started = Instant.now();
  private final Map<Phase, Double> seconds = new EnumMap<>(Phase.class);
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private TrainingRun(
      SparkSession spark,
      RunConfig config,
      RunOptions options,
      RunObserver observer,
      Interrupt interrupt) {
    this.spark = spark;
    this.config = config;
    this.concealed = Concealed.of(config);
    this.options = options;
    this.observer = observer;
    this.interrupt = interrupt;
  }

  /**
   * Trains and publishes.
   *
   * @return what {@code run.json} holds
   * @throws dev.talweg.datasets.DataException where the data or the output cannot be used
   * @throws InterruptedRun where {@code interrupt} was requested; a checkpoint was written
   */
  public static RunSummary train(
      SparkSession spark,
      RunConfig config,
      RunOptions options,
      RunObserver observer,
      Interrupt interrupt) {
    Concealed concealed = Concealed.of(config);
    RunObserver monitor =
        RunMonitor.of(
            spark.sparkContext(),
            concealed.masked(config.name()),
            config.model().kind(),
            concealed.masked(config.output()));
    RunObserver all = new Observers(List.of(observer, monitor), concealed::masked);
    try {
      return new TrainingRun(spark, config, options, all, interrupt).run();
    } catch (Exception e) { // Spark throws checked exceptions that Scala does not declare
      all.ended("failed", String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private RunSummary run() {
    RunDirectory directory =
        RunDirectory.of(
            config.output(), spark.sparkContext().hadoopConfiguration(), options.attempt());
    if (directory.isPublished()) {
      observer.note("an earlier attempt of this application has published " + directory.name());
      return RunSummary.read(directory.files(), directory.output());
    }
    RunOptions.Start start = directory.start(options);
    if (options.attempt().isAgain()) {
      warn(
          "attempt "
              + options.attempt().number()
              + " of this application: "
              + (start == RunOptions.Start.RESUME
                  ? "it goes on from the last checkpoint, if there is one"
                  : "it starts anew"));
    }
    if (options.existing() == RunOptions.Existing.SKIP) {
      Optional<RunSummary> finished = directory.finished();
      if (finished.isPresent()) {
        return unchanged(new Rerun(directory.name(), finished.get()));
      }
    }
    EarlierRuns earlier = new EarlierRuns(directory);
    Optional<String> warmStart = earlier(earlier, "warm-start", config.warmStart());
    Optional<String> reference =
        Objects.equals(config.reference(), config.warmStart())
            ? warmStart
            : earlier(earlier, "reference", config.reference());
    if (config.promote() != null) {
      PromotionGuard.metric(config.promote(), Training.labels(config));
    }
    MetricsOnDemand.of(config);
    Optional<WarmStart> warm = warmStart.map(run -> WarmStart.at(spark, config, run));
    RunLength.check(config, trainingRows(spark, config));
    directory.prepare(options).ifPresent(this::warn);
    try (Ingested data = timed(Phase.INGEST, this::ingest)) {
      RunLength.check(config, RowRange.of(data.report().trainRows()));
      Optional<Drift> drift = reference.flatMap(run -> drift(run, data));
      Optional<PromotionGuard> guard = reference.flatMap(run -> guard(run, data));
      try (Training training = Training.of(config, data)) {
        return trained(directory, start, data, training, warm, drift, guard);
      }
    }
  }

  private RunSummary trained(
      RunDirectory directory,
      RunOptions.Start start,
      Ingested data,
      Training training,
      Optional<WarmStart> warmStart,
      Optional<Drift> drift,
      Optional<PromotionGuard> guard) {
    Optimizing.Outcome outcome =
        timed(Phase.OPTIMIZE, () -> optimize(directory, start, data, training, warmStart));
    boolean failed = outcome.termination() instanceof Termination.Failed;
    Optional<Certificate> certificate =
        failed
            ? Optional.empty()
            : outcome.certificate().or(() -> training.certify(outcome.parameters()));
    Evaluations evaluations =
        timed(Phase.EVALUATE, () -> Evaluations.of(spark, config, data, training.model(), outcome));
    Optional<RunSummary.Promotion> promotion =
        failed ? Optional.empty() : guard.map(against -> against.judge(evaluations));
    return timed(
        Phase.WRITE,
        () ->
            publish(
                directory,
                new RunTables(
                    spark,
                    config,
                    data,
                    training,
                    outcome,
                    evaluations,
                    certificate,
                    drift,
                    promotion),
                outcome,
                promotion));
  }

  /** A finished run stands where its configuration and its data are those of now. */
  private RunSummary unchanged(Rerun rerun) {
    rerun.checkConfiguration(config);
    try (Ingested data = timed(Phase.INGEST, this::ingest)) {
      rerun.checkData(data);
    }
    String says = rerun.says(config);
    observer.note(says);
    observer.ended("unchanged", says);
    return rerun.finished();
  }

  private Optional<String> earlier(EarlierRuns runs, String key, @Nullable String named) {
    if (named == null) {
      return Optional.empty();
    }
    Optional<String> found = runs.find(key, named);
    if (found.isEmpty()) {
      note(key + " " + named + ": there is no finished run yet; this one goes on without");
    }
    return found;
  }

  private Optional<Drift> drift(String reference, Ingested data) {
    Optional<Drift> drift = Drift.since(spark, reference, data.profile());
    if (drift.isEmpty()) {
      note("reference " + reference + " has no table profile/: drift is not measured");
    }
    drift.flatMap(Drift::warning).ifPresent(this::warn);
    return drift;
  }

  private Optional<PromotionGuard> guard(String reference, Ingested data) {
    if (config.promote() == null) {
      return Optional.empty();
    }
    PromotionGuard guard = PromotionGuard.of(spark, config, config.promote(), reference, data);
    note(
        String.format(
            Locale.ROOT,
            "to be published, %s may be worse by %s than %.6f, that of %s on the same %,d %s rows",
            guard.metric().name(),
            guard.tolerance(),
            guard.earlier(),
            reference,
            guard.rows(),
            guard.split()));
    return Optional.of(guard);
  }

  /**
   * What the {@code run.json} of a finished run says.
   *
   * @throws dev.talweg.datasets.DataException where there is none
   */
  public static RunSummary summary(SparkSession spark, String run) {
    RunDirectory directory = RunDirectory.of(run, spark.sparkContext().hadoopConfiguration());
    return directory
        .finished()
        .orElseThrow(
            () -> new DataException(run + ": no such run; give the output of a finished one"));
  }

  /** As far as they are known before a row is read, where it matters. */
  private static RowRange trainingRows(SparkSession spark, RunConfig config) {
    return config.batch() == null ? RowRange.UNKNOWN : Ingest.trainingRows(spark, config.data());
  }

  /**
   * Checks a configuration against the data's schema and, as far as footers tell it, the number of
   * rows, and whether the output can be written.
   *
   * @return what would be made of the data, in lines
   * @throws dev.talweg.datasets.DataException with every problem found
   */
  public static List<String> check(SparkSession spark, RunConfig config) {
    RunDirectory directory =
        RunDirectory.of(config.output(), spark.sparkContext().hadoopConfiguration());
    MetricsOnDemand.of(config);
    RowRange rows = trainingRows(spark, config);
    RunLength.check(config, rows);
    if (config.warmStart() != null) {
      new EarlierRuns(directory)
          .find("warm-start", config.warmStart())
          .ifPresent(run -> WarmStart.at(spark, config, run));
    }
    List<String> lines =
        Ingest.check(
            spark,
            config.data(),
            config.features(),
            NamedColumns.of(config),
            Training.labels(config),
            config.seed());
    if (config.batch() != null && rows.equals(RowRange.UNKNOWN)) {
      lines.add(
          "the number of rows is not known yet: train compares batch and schedules with it before"
              + " the first step");
    }
    return lines;
  }

  /** Jobs that others run in the same application go on. */
  private Ingested ingest() {
    SparkContext context = spark.sparkContext();
    String tag = "talweg-ingest-" + INGESTS.incrementAndGet();
    context.addJobTag(tag);
    try {
      return interrupt.cancelling(() -> context.cancelJobsWithTag(tag), this::cancellableIngest);
    } finally {
      context.removeJobTag(tag);
    }
  }

  private Ingested cancellableIngest() {
    Ingested data =
        Ingest.read(
            spark,
            config.data(),
            config.features(),
            NamedColumns.of(config),
            Training.labels(config),
            config.seed(),
            config.partitions() == null ? 0 : config.partitions().intValue(),
            observer::note);
    observer.dataRead(data.report(), data.encoding().dimension(), data.partitions());
    data.report().warnings().forEach(this::warn);
    double deviation = data.report().label().deviation();
    if (Training.labels(config) == LabelKind.REAL
        && Catalog.loss(config.model().loss(), config.model().settings())
            instanceof KinkedLoss kinked
        && kinked.smoothing() > 0.1 * deviation) {
      warn(
          String.format(
              Locale.ROOT,
              "the %s loss is smoothed over %s, and labels deviate by %.3g; set"
                  + " model.smoothing to a hundredth of that",
              kinked.name(),
              kinked.smoothing(),
              deviation));
    }
    return data;
  }

  private Optimizing.Outcome optimize(
      RunDirectory directory,
      RunOptions.Start start,
      Ingested data,
      Training training,
      Optional<WarmStart> warmStart) {
    Checkpoints checkpoints =
        new Checkpoints(
            spark, directory.files(), directory.checkpoints(), config.checkpoint().keep());
    Map<String, String> identity =
        Map.of(
            "data", data.report().fingerprint(),
            "configuration", config.fingerprint(),
            "partitions", Integer.toString(data.partitions()));
    Optional<Checkpoints.Saved> saved =
        start == RunOptions.Start.RESUME ? checkpoints.latest(this::warn) : Optional.empty();
    saved.ifPresent(found -> Resumption.check(found.identity(), identity, directory.name()));
    Optional<Automatic.Choice<?>> choice = Optimization.choice(config, training, data.moments());
    choice.map(Automatic.Choice::describe).ifPresent(this::note);
    Optimization<?, ?> optimization = Optimization.of(config, training, choice);
    if (!training.penalty().smooth()) {
      observer.note(
          "optimizer "
              + config.optimizer().kind()
              + ": l1 and bounds have kinks, which lbfgs cannot pass");
    }
    Evaluations.Watched watched = Evaluations.watched(config, data, training.model());
    observer.planned(Stopping.plan(config, optimization, data, watched));
    double[] begun =
        warmStart
            .map(earlier -> earlier.start(training, this::note, this::warn))
            .orElseGet(() -> training.start(config));
    FrozenSlices frozen = FrozenSlices.of(config, training.model());
    Optimizing.Outcome outcome =
        optimizing(optimization, training, begun, frozen, watched, checkpoints, identity)
            .run(saved);
    return outcome.at(frozen.restored(begun, training.finished(outcome.parameters())));
  }

  private <F, S extends Minimizer.State> Optimizing<F, S> optimizing(
      Optimization<F, S> optimization,
      Training training,
      double[] begun,
      FrozenSlices frozen,
      Evaluations.Watched watched,
      Checkpoints checkpoints,
      Map<String, String> identity) {
    return new Optimizing<>(
        config,
        optimization,
        begun,
        (value, parameters) -> training.trainMetric(watched.metric(), value, parameters),
        watched,
        Stopping.rule(config, optimization, training, watched),
        Stopping.proof(config, optimization, training),
        checkpoints,
        identity,
        observer,
        new GradientWatch(
            training.model(),
            frozen,
            Stopping.limit(config, optimization),
            Math.round(1 / optimization.epochs().applyAsDouble(1)),
            this::warn),
        interrupt);
  }

  private RunSummary publish(
      RunDirectory directory,
      RunTables tables,
      Optimizing.Outcome outcome,
      Optional<RunSummary.Promotion> promotion) {
    long begun = System.nanoTime();
    Path staging = directory.emptyStaging();
    boolean failed = outcome.termination() instanceof Termination.Failed;
    tables.write(directory.files(), staging);
    seconds.put(Phase.WRITE, (System.nanoTime() - begun) * 1e-9); // run.json cannot time itself
    RunSummary summary = tables.summary(started, seconds, warnings, notes);
    summary.write(directory.files(), staging);
    Report.write(directory.files(), staging, tables.extract(directory.output().getName(), summary));
    if (failed) {
      directory.keepFailed();
    } else if (promotion.filter(judged -> !judged.published()).isPresent()) {
      directory.keepUnpublished();
    } else {
      directory.publish();
    }
    observer.ended(
        promotion.isPresent() && !promotion.get().published() ? "unpublished" : summary.status(),
        promotion
            .map(RunSummary.Promotion::describe)
            .orElseGet(() -> outcome.termination().describe()));
    return summary;
  }

  private void note(String note) {
    notes.add(concealed.masked(note));
    observer.note(note);
  }

  private void warn(String warning) {
    warnings.add(concealed.masked(warning));
    observer.warning(warning);
  }

  private <T> T timed(Phase phase, Supplier<T> work) {
    observer.phaseStarted(phase);
    long begun = System.nanoTime();
    try {
      return work.get();
    } finally {
      seconds.put(phase, (System.nanoTime() - begun) * 1e-9);
      observer.phaseEnded(phase, seconds.get(phase));
    }
  }
}
