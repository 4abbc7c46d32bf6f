package dev.talweg.jobs.monitor;

import org.apache.spark.util.kvstore.KVIndex;

/**
 * A run has begun.
 *
 * @param time milliseconds since 1970
 */
record RunStarted(String run, long time, String name, String model, String output)
    implements RunEvent {
  @KVIndex
  @Override
  public String key() {
    return run;
  }
}
