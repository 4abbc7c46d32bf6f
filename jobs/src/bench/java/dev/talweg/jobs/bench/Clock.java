package dev.talweg.jobs.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs from {@link #start} until the model is in memory: what a side does afterwards (evaluation,
 * tables, reports) is not counted.
 */
class Clock {
  private final Traffic traffic;
  private long begun;
  private double seconds;
  private Map<String, Object> counted = Map.of();

  Clock(Traffic traffic) {
    this.traffic = traffic;
  }

  void start() {
    System.gc();
    heap().forEach(MemoryPoolMXBean::resetPeakUsage);
    traffic.reset();
    counted = Map.of();
    begun = System.nanoTime();
  }

  /** The model is in memory; only the first call counts. */
  void stop() {
    if (counted.isEmpty()) {
      seconds = (System.nanoTime() - begun) * 1e-9;
      Map<String, Object> found = new LinkedHashMap<>();
      found.put(
          "peak-heap-bytes", heap().stream().mapToLong(p -> p.getPeakUsage().getUsed()).sum());
      Traffic.Counted sent = traffic.counted();
      found.put("wire-bytes", sent.bytes());
      found.put("jobs", sent.jobs());
      if (sent.evaluations() > 0) {
        found.put("passes", sent.evaluations());
      }
      counted = found;
    }
  }

  double seconds() {
    return seconds;
  }

  /** Heap at its fullest, garbage included; bytes that tasks sent; jobs; passes where known. */
  Map<String, Object> counted() {
    return counted;
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}
