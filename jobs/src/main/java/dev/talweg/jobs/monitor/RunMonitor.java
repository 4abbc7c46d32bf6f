package dev.talweg.jobs.monitor;

import dev.talweg.datasets.IngestReport;
import dev.talweg.datasets.LabelSummary;
import dev.talweg.jobs.console.IterationRecord;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.monitor.RunNoted.Weight;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkContext;

/**
 * Shows a run in the Spark UI, writes it to Spark's event log and gives its numbers to Spark's
 * metrics system.
 *
 * <p>Cost: an event is a few hundred bytes put into a queue of the driver; {@link Cadence} keeps it
 * at some four a second after the first two hundred.
 */
public final class RunMonitor implements RunObserver {
  private static final int MOST_NOTES = 200;

  private final SparkContext context;
  private final String run;
  private final RunMetrics metrics;
  private final Cadence<IterationRecord> cadence = new Cadence<>(System::nanoTime);
  private Plan plan = new Plan(0, 0, null, null);
  private int notes;

  private RunMonitor(SparkContext context, String run, RunMetrics metrics) {
    this.context = context;
    this.run = run;
    this.metrics = metrics;
  }

  /**
   * Begins to show a run. Where Spark is of a version whose user interface is another, the run goes
   * on and nothing is shown.
   *
   * @param name of the run
   * @param model its kind
   */
  public static RunObserver of(SparkContext context, String name, String model, String output) {
    long time = System.currentTimeMillis();
    String run = String.format(Locale.ROOT, "%013d %s", time, name);
    try {
      RunMonitor monitor = new RunMonitor(context, run, Attachment.to(context));
      monitor.post(new RunStarted(run, time, name, model, output));
      return monitor;
    } catch (LinkageError e) {
      return RunObserver.silent();
    }
  }

  private void post(RunEvent event) {
    context.listenerBus().post(event);
  }

  @Override
  public void note(String text) {
    noted(Weight.NOTE, text);
  }

  @Override
  public void warning(String text) {
    metrics.warned();
    noted(Weight.WARNING, text);
  }

  private void noted(Weight weight, String text) {
    if (notes < MOST_NOTES) {
      post(new RunNoted(run, notes++, weight, text));
    }
  }

  @Override
  public void dataRead(IngestReport report, int features, int partitions) {
    LabelSummary label = report.label();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("training rows", count(report.trainRows()));
    facts.put("validation rows", count(report.validationRows()));
    facts.put("test rows", count(report.testRows()));
    facts.put("rows in quarantine", count(report.quarantinedRows()));
    facts.put("columns", count(report.columns().size()));
    facts.put("features", count(features));
    facts.put("partitions", count(partitions));
    facts.put("label", label.column() + (label.positive() == null ? "" : " = " + label.positive()));
    if (Double.isFinite(label.mean())) {
      facts.put(
          label.positive() == null ? "mean of the label" : "rate of positives",
          String.format(Locale.ROOT, "%.5g", label.mean()));
    }
    facts.put("fingerprint", report.fingerprint());
    post(new DataRead(run, facts));
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  @Override
  public void planned(Plan planned) {
    plan = planned;
  }

  @Override
  public void iteration(IterationRecord record) {
    metrics.stepped(record, plan.rows());
    cadence.seen(record).ifPresent(this::postStep);
  }

  private void postStep(IterationRecord record) {
    post(StepTaken.of(run, record, plan.rows(), plan.metric()));
  }

  @Override
  public void phaseEnded(Phase phase, double seconds) {
    cadence.rest().ifPresent(this::postStep);
  }

  @Override
  public void ended(String status, String describe) {
    post(new RunEnded(run, System.currentTimeMillis(), status, describe));
  }
}
