package dev.talweg.jobs.console;

import dev.talweg.datasets.IngestReport;
import org.jspecify.annotations.Nullable;

/**
 * Sees a run go on, in order, on the driver; it changes nothing. What it leaves out, it ignores.
 */
public interface RunObserver {

  /** The parts of a run, as {@code seconds} in {@code run.json} names them. */
  enum Phase {
    INGEST("reading the data"),
    OPTIMIZE("optimizing"),
    EVALUATE("evaluating"),
    WRITE("writing the output");

    private final String activity;

    Phase(String activity) {
      this.activity = activity;
    }

    /** What it is, for people. */
    public String activity() {
      return activity;
    }
  }

  /**
   * What is known before the first step.
   *
   * @param rows training rows of one pass
   * @param steps the largest number of steps, 0 where nothing bounds it
   * @param metric the validation metric that iterations report, null without validation
   * @param gap the relative gap at which it will stop, null where it does not
   */
  record Plan(long rows, long steps, @Nullable String metric, @Nullable Double gap) {}

  default void phaseStarted(Phase phase) {}

  default void phaseEnded(Phase phase, double seconds) {}

  /** Something worth knowing: what was inferred, how many rows were read. */
  default void note(String text) {}

  /** Something that should be looked at; it is also among the warnings of {@code run.json}. */
  default void warning(String text) {}

  /**
   * The data was read.
   *
   * @param features after encoding
   */
  default void dataRead(IngestReport report, int features, int partitions) {}

  /** Steps follow. */
  default void planned(Plan plan) {}

  default void iteration(IterationRecord record) {}

  default void checkpointWritten(long step, String path) {}

  /**
   * The run is over.
   *
   * @param status of {@code run.json}; unpublished for a model that was refused, unchanged where
   *     nothing was to be done, failed for an error too
   * @param describe in a sentence
   */
  default void ended(String status, String describe) {}

  /** Sees and says nothing. */
  static RunObserver silent() {
    return new RunObserver() {};
  }
}
