package dev.talweg.jobs.monitor;

import java.util.Locale;
import org.apache.spark.util.kvstore.KVIndex;

/** Something worth knowing, or worth looking at. */
record RunNoted(String run, int number, Weight weight, String text) implements RunEvent {
  enum Weight {
    NOTE,
    WARNING
  }

  @KVIndex
  @Override
  public String key() {
    return String.format(Locale.ROOT, "%s/%06d", run, number);
  }
}
