package dev.talweg.jobs.monitor;

import org.apache.spark.util.kvstore.KVIndex;

/**
 * A run is over.
 *
 * @param status converged, exhausted, failed, unpublished or unchanged
 * @param describe in a sentence
 */
record RunEnded(String run, long time, String status, String describe) implements RunEvent {
  @KVIndex
  @Override
  public String key() {
    return run;
  }
}
