package dev.talweg.jobs.run;

import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.LabelKind;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.config.Secrets;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.console.RunObserver.Phase;
import dev.talweg.jobs.report.Report;
import dev.talweg.optimizer.catalog.Automatic;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.loss.QuantileLoss;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.stopping.Termination;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * One training run, from the configuration to the published output: read the data once, optimize,
 * evaluate, write, publish. The only orchestrator.
 */
public final class TrainingRun {
  private final SparkSession spark;
  private final RunConfig config;
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
    return new TrainingRun(spark, config, options, observer, interrupt).run();
  }

  private RunSummary run() {
    RunDirectory directory =
        RunDirectory.of(
            config.output(), spark.sparkContext().hadoopConfiguration(), options.attempt());
    if (directory.isPublished()) {
      observer.note("an earlier attempt of this application has published " + directory.name());
      return RunTables.readSummary(directory.files(), directory.output());
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
    directory.prepare(options).ifPresent(this::warn);
    try (Ingested data = timed(Phase.INGEST, this::ingest);
        Training training = Training.of(config, data)) {
      Optimizing.Outcome outcome =
          timed(Phase.OPTIMIZE, () -> optimize(directory, start, data, training));
      boolean failed = outcome.termination() instanceof Termination.Failed;
      Optional<Certificate> certificate =
          failed
              ? Optional.empty()
              : outcome.certificate().or(() -> training.certify(outcome.parameters()));
      Evaluations evaluations =
          timed(Phase.EVALUATE, () -> Evaluations.of(data, training.model(), outcome.parameters()));
      return timed(
          Phase.WRITE,
          () ->
              publish(
                  directory,
                  new RunTables(spark, config, data, training, outcome, evaluations, certificate),
                  failed));
    }
  }

  /**
   * Checks a configuration against the data's schema, and whether the output can be written.
   *
   * @return what would be made of the data, in lines
   * @throws dev.talweg.datasets.DataException with every problem found
   */
  public static List<String> check(SparkSession spark, RunConfig config) {
    RunDirectory.of(config.output(), spark.sparkContext().hadoopConfiguration());
    return Ingest.check(
        spark,
        config.data(),
        config.features(),
        FeaturePenalties.names(config.penalty()),
        Training.labels(config),
        config.seed());
  }

  private Ingested ingest() {
    return interrupt.cancelling(
        () -> spark.sparkContext().cancelAllJobs(), this::cancellableIngest);
  }

  private Ingested cancellableIngest() {
    Ingested data =
        Ingest.read(
            spark,
            config.data(),
            config.features(),
            FeaturePenalties.names(config.penalty()),
            Training.labels(config),
            config.seed(),
            config.partitions() == null ? 0 : config.partitions().intValue(),
            observer::note);
    data.report().warnings().forEach(this::warn);
    double deviation = data.report().label().deviation();
    if (Training.labels(config) == LabelKind.REAL
        && Catalog.loss(config.model().loss(), config.model().settings())
            instanceof QuantileLoss quantile
        && quantile.smoothing() > 0.1 * deviation) {
      warn(
          String.format(
              Locale.ROOT,
              "the quantile loss is smoothed over %s, and labels deviate by %.3g; set"
                  + " model.smoothing to a hundredth of that",
              quantile.smoothing(),
              deviation));
    }
    return data;
  }

  private Optimizing.Outcome optimize(
      RunDirectory directory, RunOptions.Start start, Ingested data, Training training) {
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
    Optional<Automatic.Choice> choice =
        Optimization.choice(config, training, data.report().trainRows());
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
    Optimizing.Outcome outcome =
        optimizing(optimization, training, watched, checkpoints, identity).run(saved);
    return outcome.at(training.finished(outcome.parameters()));
  }

  private <F, S extends Minimizer.State> Optimizing<F, S> optimizing(
      Optimization<F, S> optimization,
      Training training,
      Evaluations.Watched watched,
      Checkpoints checkpoints,
      Map<String, String> identity) {
    return new Optimizing<>(
        config,
        optimization,
        WarmStart.of(spark, config, training, observer),
        (value, parameters) -> training.trainMetric(watched.metric(), value, parameters),
        watched.measure(),
        Stopping.rule(config, optimization, watched),
        checkpoints,
        identity,
        observer,
        new GradientWatch(
            training.model(),
            Stopping.limit(config, optimization),
            Math.round(1 / optimization.epochs().applyAsDouble(1)),
            this::warn),
        interrupt);
  }

  private RunSummary publish(RunDirectory directory, RunTables tables, boolean failed) {
    long begun = System.nanoTime();
    Path staging = directory.emptyStaging();
    tables.write(directory.files(), staging);
    seconds.put(Phase.WRITE, (System.nanoTime() - begun) * 1e-9); // run.json cannot time itself
    RunSummary summary = tables.summary(started, seconds, warnings, notes);
    RunTables.writeSummary(directory.files(), staging, summary);
    Report.write(directory.files(), staging, tables.page(directory.output().getName(), summary));
    if (failed) {
      directory.keepFailed();
    } else {
      directory.publish();
    }
    return summary;
  }

  private void note(String note) {
    notes.add(Secrets.masked(note));
    observer.note(note);
  }

  private void warn(String warning) {
    warnings.add(Secrets.masked(warning));
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
