package dev.talweg.jobs.notebook;

import dev.talweg.datasets.IngestReport;
import dev.talweg.jobs.config.Concealed;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.IterationRecord;
import dev.talweg.jobs.console.Pace;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.run.Attempt;
import dev.talweg.jobs.run.Failure;
import dev.talweg.jobs.run.Interrupt;
import dev.talweg.jobs.run.RunOptions;
import dev.talweg.jobs.run.RunSummary;
import dev.talweg.jobs.run.TrainingRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.JobExecutionStatus;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.SparkStatusTracker;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * A run in a thread of its own, asked again and again how far it is.
 *
 * <p>Whoever asks sees the state, not each event: a run of a hundred thousand small steps costs as
 * many answers as the bar is drawn. Nothing is called back, so Python needs no server and no second
 * thread; and no call lasts longer than it says, so an interrupt is seen at once.
 *
 * <p>{@link #stop} ends the run as Ctrl-C ends it on a terminal, after its step and with a
 * checkpoint; {@link #cancel} ends its jobs, which carry a tag, wherever they are.
 */
public final class BackgroundRun {
  private static final AtomicLong COUNT = new AtomicLong();

  private final SparkSession spark;
  private final Concealed concealed;
  private final String tag = "talweg-notebook-" + COUNT.incrementAndGet();
  private final Interrupt interrupt = new Interrupt();
  private final Progress progress = new Progress();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicReference<@Nullable RunSummary> summary = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
  private volatile boolean cancelled;

  private BackgroundRun(SparkSession spark, RunConfig config) {
    this.spark = spark;
    this.concealed = Concealed.of(config);
  }

  /** The calling thread's properties of Spark, such as its pool, are those of the run. */
  static BackgroundRun begin(SparkSession spark, RunConfig config, RunOptions options) {
    BackgroundRun run = new BackgroundRun(spark, config);
    Thread thread = new Thread(() -> run.train(config, options), run.tag);
    thread.setDaemon(true);
    thread.start();
    return run;
  }

  private void train(RunConfig config, RunOptions options) {
    SparkContext context = spark.sparkContext();
    context.addJobTag(tag);
    SparkSession.setActiveSession(spark);
    try {
      Attempt attempt = Attempt.of(context);
      summary.set(TrainingRun.train(spark, config, options.of(attempt), progress, interrupt));
    } catch (Throwable e) {
      thrown.set(e);
    } finally {
      over.countDown();
    }
  }

  /** Ends the run after its step, with a checkpoint. */
  public void stop() {
    interrupt.request();
  }

  /** Ends the run now: what earlier checkpoints hold stays. */
  public void cancel() {
    cancelled = true;
    interrupt.request();
    spark.sparkContext().cancelJobsWithTag(tag);
  }

  /** Waits until the run is over, and so long at most, and says how far it is, as JSON. */
  public String poll(long milliseconds) throws InterruptedException {
    boolean ended = over.await(milliseconds, TimeUnit.MILLISECONDS);
    if (cancelled && !ended) { // a job that began since then
      spark.sparkContext().cancelJobsWithTag(tag);
    }
    Map<String, Object> told = progress.told();
    told.put("ended", ended);
    if (!ended && !told.containsKey("step")) {
      told.put("tasks", tasks());
    }
    Throwable failed = thrown.get();
    RunSummary finished = summary.get();
    if (failed != null) {
      Failure failure = Failure.of(failed);
      told.put(
          "failure",
          Notebook.told(cancelled ? stopped(failure) : failure, failed, concealed::masked));
    } else if (finished != null) {
      told.put("summary", finished.toJson());
    }
    return Notebook.json(told);
  }

  private static Failure stopped(Failure failure) {
    return failure.kind() == Failure.Kind.INTERRUPTED
        ? failure
        : new Failure(
            Failure.Kind.INTERRUPTED,
            List.of(),
            "stopped at once; a checkpoint that was written before is kept, and --resume goes on"
                + " from it");
  }

  /** Tasks of the jobs of this run that run now. */
  private Map<String, Object> tasks() {
    SparkStatusTracker tracker = spark.sparkContext().statusTracker();
    long done = 0;
    long all = 0;
    for (int job : tracker.getJobIdsForTag(tag)) {
      SparkJobInfo info = tracker.getJobInfo(job).getOrElse(() -> null);
      if (info != null && info.status() == JobExecutionStatus.RUNNING) {
        for (int id : info.stageIds()) {
          SparkStageInfo stage = tracker.getStageInfo(id).getOrElse(() -> null);
          done += stage == null ? 0 : stage.numCompletedTasks();
          all += stage == null ? 0 : stage.numTasks();
        }
      }
    }
    return Map.of("done", done, "all", all);
  }

  /** What is shown of a run, written by its thread and read by another. */
  private static final class Progress implements RunObserver {
    private final Queue<String> notes = new ConcurrentLinkedQueue<>();
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Phase> phase = new AtomicReference<>();
    private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();
    private final AtomicReference<@Nullable Steps> steps = new AtomicReference<>();
    private final Pace pace = new Pace();

    private record Steps(IterationRecord last, long expected) {}

    @Override
    public void phaseStarted(Phase begun) {
      phase.set(begun);
    }

    @Override
    public void note(String text) {
      notes.add(text);
    }

    @Override
    public void warning(String text) {
      warnings.add(text);
    }

    @Override
    public void dataRead(IngestReport report, int features, int partitions) {
      note(
          report.trainRows()
              + " training rows, "
              + features
              + " features, "
              + partitions
              + " partitions");
    }

    @Override
    public void planned(Plan told) {
      plan.set(told);
    }

    @Override
    public void iteration(IterationRecord record) {
      pace.seen(record);
      Plan told = plan.get();
      long expected = told == null ? 0 : pace.expectedSteps(told).orElse(0);
      steps.set(new Steps(record, expected));
    }

    /** What was said since the last time, which is said once. */
    private static List<String> taken(Queue<String> lines) {
      List<String> taken = new ArrayList<>();
      for (String line = lines.poll(); line != null; line = lines.poll()) {
        taken.add(line);
      }
      return taken;
    }

    private Map<String, Object> told() {
      Map<String, Object> told = new LinkedHashMap<>();
      Phase now = phase.get();
      told.put("activity", now == null ? "starting" : now.activity());
      told.put("notes", taken(notes));
      told.put("warnings", taken(warnings));
      Steps taken = steps.get();
      if (taken != null) {
        told.put("step", step(taken));
      }
      return told;
    }

    private Map<String, Object> step(Steps taken) {
      Map<String, Object> step = new LinkedHashMap<>();
      IterationRecord last = taken.last();
      step.put("number", last.step());
      step.put("expected", taken.expected());
      step.put("objective", last.objective());
      step.put("gradient-norm", last.gradientNorm());
      if (last.gap() != null) {
        step.put("gap", last.gap());
      }
      Plan told = plan.get();
      if (told != null && told.metric() != null && last.validationMetric() != null) {
        step.put("metric", told.metric());
        step.put("validation", last.validationMetric());
      }
      return step;
    }
  }
}
