package dev.talweg.jobs.monitor;

import java.util.Map;
import org.apache.spark.util.kvstore.KVIndex;

/**
 * The data was read.
 *
 * @param facts what is known of it, by name
 */
record DataRead(String run, Map<String, String> facts) implements RunEvent {
  @KVIndex
  @Override
  public String key() {
    return run;
  }
}
