package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.datasets.Ingested;
import dev.talweg.jobs.config.RunConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whether a run that is asked for again is the one that is finished: the same configuration, the
 * same rows, the same partitions would give the same bits.
 *
 * @param output the directory, as a user reads it
 */
record Rerun(String output, RunSummary finished) {
  private static final int NAMED = 5;

  /**
   * Before any data is read.
   *
   * @throws DataException where keys differ that decide the model, with their values
   */
  void checkConfiguration(RunConfig config) {
    if (config.fingerprint().equals(finished.fingerprint().configuration())) {
      return;
    }
    Map<String, Object> before = flat(finished.configuration());
    Map<String, Object> now = flat(config.toMap());
    Set<String> keys = new LinkedHashSet<>(now.keySet());
    keys.addAll(before.keySet());
    List<String> different = new ArrayList<>();
    for (String key : keys) {
      String there = String.valueOf(before.get(key));
      String here = String.valueOf(now.get(key));
      if (RunConfig.decidesTheModel(key) && !there.equals(here)) {
        different.add(key + " is " + here + ", was " + there);
      }
    }
    String differences =
        String.join("; ", different.subList(0, Math.min(NAMED, different.size())))
            + (different.size() > NAMED ? "; …" : "");
    throw refused("another configuration (" + differences + ")");
  }

  /**
   * Once the data is read.
   *
   * @throws DataException where its rows are others
   */
  void checkData(Ingested data) {
    if (!data.report().fingerprint().equals(finished.fingerprint().data())) {
      throw refused(
          "other data (fingerprint "
              + finished.fingerprint().data()
              + ", now "
              + data.report().fingerprint()
              + ")");
    }
    if (data.partitions() != finished.partitions()) {
      throw refused(
          "other partitions (" + finished.partitions() + ", now " + data.partitions() + ")");
    }
  }

  /** What is said where nothing is to be done. */
  String says(RunConfig config) {
    Map<String, Object> before = flat(finished.configuration());
    boolean measured =
        flat(config.toMap()).entrySet().stream()
            .filter(key -> key.getKey().startsWith("evaluation."))
            .allMatch(
                key ->
                    String.valueOf(key.getValue())
                        .equals(String.valueOf(before.get(key.getKey()))));
    return output
        + " is finished already, "
        + finished.started()
        + ", from the same configuration and data: nothing to do; --overwrite does it again"
        + (measured ? "" : ", with other metrics, which talweg evaluate tells too");
  }

  private DataException refused(String from) {
    return new DataException(
        "output "
            + output
            + " is finished, from "
            + from
            + "; use --overwrite to do it again, or another --output");
  }

  private static Map<String, Object> flat(Map<String, Object> configuration) {
    Map<String, Object> flat = new LinkedHashMap<>();
    flatten("", configuration, flat);
    return flat;
  }

  private static void flatten(String path, Map<?, ?> block, Map<String, Object> into) {
    block.forEach(
        (key, value) -> {
          String below = path.isEmpty() ? String.valueOf(key) : path + "." + key;
          if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
            flatten(below, inner, into);
          } else {
            into.put(below, Objects.requireNonNullElse(value, "nothing"));
          }
        });
  }
}
