package dev.talweg.jobs.console;

import dev.talweg.jobs.SuppressForbidden;
import dev.talweg.jobs.config.Concealed;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The only place that prints: outcomes to standard output, everything else to standard error; a
 * progress bar where that is a terminal, plain lines elsewhere.
 */
public final class Console implements RunObserver {
  /** Seconds between two plain lines of a run with many short steps. */
  private static final double EVERY = 2;

  private final PrintStream out;
  private final PrintStream err;
  private final Surface surface;
  private boolean verbose;
  private @Nullable ProgressBar bar;
  private Plan plan = new Plan(0, 0, null, null);
  private double spoken = Double.NEGATIVE_INFINITY;
  private final Pace pace = new Pace();
  private final Concealed concealed = new Concealed();

  /** What standard error is. */
  public enum Surface {
    TERMINAL,
    PLAIN
  }

  public Console(PrintStream out, PrintStream err, Surface surface) {
    this.out = out;
    this.err = err;
    this.surface = surface;
  }

  /** Of this process. */
  @SuppressForbidden // the one console
  public static Console system() {
    boolean terminal = isTerminal() && !"dumb".equals(System.getenv("TERM"));
    return new Console(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        terminal ? Surface.TERMINAL : Surface.PLAIN);
  }

  /** The launcher knows of standard error; the JVM only of standard input and output. */
  @SuppressWarnings("SystemConsoleNull") // Java 17 and 21, where it is null without a terminal
  private static boolean isTerminal() {
    String known = System.getProperty("talweg.terminal");
    return known == null ? System.console() != null : Boolean.parseBoolean(known);
  }

  public PrintWriter outWriter() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  /** Whether stack traces and Spark's warnings are wanted. */
  public boolean isVerbose() {
    return verbose;
  }

  public void setVerbose(boolean asked) {
    verbose = asked;
  }

  /** Values that are never printed, whoever puts them into a message. */
  public Concealed concealed() {
    return concealed;
  }

  /** A text as it may be shown. */
  public String masked(String text) {
    return concealed.masked(text);
  }

  /** An outcome. */
  public void print(String text) {
    endBar();
    out.println(masked(text));
  }

  /** A message. */
  public synchronized void say(String text) {
    if (bar != null) {
      err.print("\r\033[K"); // the bar is drawn anew below
    }
    err.println(masked(text));
  }

  /** Where a failure happened. */
  @SuppressForbidden // asked for with --verbose
  public void trace(Throwable thrown) {
    endBar();
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    err.print(masked(text.toString()));
  }

  /** Shows the tasks of Spark as progress of the phases that have no steps. */
  public void watch(SparkContext spark) {
    if (surface == Surface.TERMINAL) {
      spark.addSparkListener(new TaskProgress(this::tasks));
    }
  }

  private synchronized void tasks(long done, long all) {
    if (bar != null && plan.rows() == 0) {
      bar.maxHint(all);
      bar.stepTo(done);
    }
  }

  @Override
  public void phaseStarted(Phase phase) {
    plan = new Plan(0, 0, null, null);
    if (surface == Surface.TERMINAL) {
      begin(phase.activity(), -1);
    } else {
      say(phase.activity());
    }
  }

  @Override
  public void phaseEnded(Phase phase, double seconds) {
    endBar();
    say(String.format(Locale.ROOT, "%s took %.1f s", phase.activity(), seconds));
  }

  @Override
  public void note(String text) {
    say("  " + text);
  }

  @Override
  public void warning(String text) {
    say("  warning: " + text);
  }

  @Override
  public void planned(Plan planned) {
    say(String.format(Locale.ROOT, "  %,d training rows", planned.rows()));
    endBar();
    plan = planned;
    if (surface == Surface.TERMINAL) {
      begin("step", planned.steps() == 0 ? -1 : planned.steps());
    }
  }

  @Override
  public void iteration(IterationRecord record) {
    pace.seen(record);
    if (surface == Surface.TERMINAL) {
      synchronized (this) {
        if (bar != null) {
          pace.expectedSteps(plan).ifPresent(bar::maxHint);
          bar.stepTo(record.step());
          bar.setExtraMessage(measured(record));
        }
      }
      return;
    }
    boolean validated = record.validationMetric() != null;
    if (validated || record.seconds() - spoken >= EVERY) {
      spoken = record.seconds();
      say(
          String.format(
              Locale.ROOT, "  step %4d  %s%s", record.step(), measured(record), left(record)));
    }
  }

  private String measured(IterationRecord record) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "objective %.8f  gradient %.2e",
            record.objective(),
            record.gradientNorm()));
    if (record.gap() != null) {
      text.append(String.format(Locale.ROOT, "  gap %.1e", record.gap()));
    }
    if (record.validationMetric() != null) {
      text.append(
          String.format(Locale.ROOT, "  %s %.6f", plan.metric(), record.validationMetric()));
    }
    double rate = pace.rowsPerSecond(plan.rows());
    return Double.isNaN(rate)
        ? text.toString()
        : text.append(String.format(Locale.ROOT, "  %.3g M rows/s", rate * 1e-6)).toString();
  }

  private String left(IterationRecord record) {
    double seconds = pace.secondsLeft(plan, record);
    return Double.isNaN(seconds) ? "" : String.format(Locale.ROOT, "  about %.0f s left", seconds);
  }

  @Override
  public void checkpointWritten(long step, String path) {
    say("  checkpoint of step " + step + ": " + path);
  }

  private synchronized void begin(String task, long most) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(most)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .setConsumer(new ConsoleProgressBarConsumer(err))
            .clearDisplayOnFinish()
            .build();
  }

  private synchronized void endBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
