package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether a checkpoint is of the same run. */
final class Resumption {
  private static final Map<String, String> REMEDIES =
      Map.of(
          "data", "the data has changed since; start afresh without --resume",
          "configuration",
              "the configuration has changed since; undo that, or start afresh without --resume",
          "partitions",
              "the number of partitions has changed since; set partitions to what it was");

  private Resumption() {}

  /** Refuses a checkpoint of other data, another configuration or another partitioning. */
  static void check(Map<String, String> found, Map<String, String> now, String output) {
    List<String> problems = new ArrayList<>();
    now.forEach(
        (what, value) -> {
          if (!value.equals(found.get(what))) {
            problems.add(
                output
                    + ": the checkpoint cannot be resumed: "
                    + REMEDIES.get(what)
                    + " (checkpoint "
                    + found.get(what)
                    + ", now "
                    + value
                    + ")");
          }
        });
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
  }
}
