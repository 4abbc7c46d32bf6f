package dev.talweg.jobs.monitor;

import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * What a run says while it is under way. An event is posted on Spark's listener bus, written to the
 * event log where there is one (as JSON, by the names of its components), and kept as it is in the
 * store that the page is drawn from: so the History Server shows what the driver showed.
 *
 * <p>Components are part of the format of event logs: they may be added, never renamed.
 */
sealed interface RunEvent extends SparkListenerEvent
    permits DataRead, RunEnded, RunNoted, RunStarted, StepTaken {
  /** Which run of the application. Later runs have greater texts. */
  String run();

  /** Unique among events of a class, ordered as they come. */
  String key();
}
