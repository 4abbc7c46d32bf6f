package dev.talweg.jobs.console;

import dev.talweg.jobs.SuppressForbidden;
import java.io.PrintStream;
import java.util.Locale;

/** The only place that prints: outcomes to standard output, everything else to standard error. */
public final class Console implements RunObserver {
  private final PrintStream out;
  private final PrintStream err;

  public Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Of this process. */
  @SuppressForbidden // the one console
  public static Console system() {
    return new Console(System.out, System.err);
  }

  /** An outcome. */
  public void print(String text) {
    out.println(text);
  }

  /** A message. */
  public void say(String text) {
    err.println(text);
  }

  @Override
  public void phaseStarted(Phase phase) {
    say(phase.activity());
  }

  @Override
  public void phaseEnded(Phase phase, double seconds) {
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
  public void planned(Plan plan) {
    say(String.format(Locale.ROOT, "  %,d training rows", plan.rows()));
  }

  @Override
  public void iteration(IterationRecord record) {
    say(
        String.format(
            Locale.ROOT,
            "  step %4d  objective %.10f  gradient %.2e%s%s",
            record.step(),
            record.objective(),
            record.gradientNorm(),
            record.gap() == null ? "" : String.format(Locale.ROOT, "  gap %.1e", record.gap()),
            record.validationMetric() == null
                ? ""
                : String.format(Locale.ROOT, "  validation %.6f", record.validationMetric())));
  }

  @Override
  public void checkpointWritten(long step, String path) {
    say("  checkpoint of step " + step + ": " + path);
  }
}
