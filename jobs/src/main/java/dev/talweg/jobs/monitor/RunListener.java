package dev.talweg.jobs.monitor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.kvstore.KVStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what runs say in Spark's store, within bounds: of the last runs only, and of each of them a
 * thousand steps or two. When there are more, every second one is forgotten, and from then on half
 * as many are kept.
 */
final class RunListener extends SparkListener {
  /** Runs that are kept. */
  static final int MOST_RUNS = 20;

  /** Steps of a run that are kept at most. */
  static final int MOST_STEPS = 2000;

  private final KVStore store;
  private final Deque<String> runs = new ArrayDeque<>();
  private final Map<String, Steps> steps = new HashMap<>();
  private final Map<String, List<RunEvent>> others = new HashMap<>();

  RunListener(KVStore store) {
    this.store = store;
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof StepTaken step) {
      steps.computeIfAbsent(step.run(), run -> new Steps()).add(step);
    } else if (event instanceof RunEvent said) {
      if (said instanceof RunStarted) {
        begin(said.run());
      }
      others.computeIfAbsent(said.run(), run -> new ArrayList<>()).add(said);
      write(said);
    }
  }

  private void begin(String run) {
    runs.addLast(run);
    if (runs.size() > MOST_RUNS) {
      String oldest = runs.removeFirst();
      Steps ofOldest = steps.remove(oldest);
      if (ofOldest != null) {
        ofOldest.forget();
      }
      others.getOrDefault(oldest, List.of()).forEach(this::delete);
      others.remove(oldest);
    }
  }

  private void write(RunEvent event) {
    try {
      store.write(event);
    } catch (Exception e) { // what a store may throw
      throw new IllegalStateException("the store of the Spark UI does not take " + event, e);
    }
  }

  private void delete(RunEvent event) {
    try {
      store.delete(event.getClass(), event.key());
    } catch (Exception e) { // what a store may throw
      throw new IllegalStateException("the store of the Spark UI does not forget " + event, e);
    }
  }

  /** Those of one run: every stride-th one, and the last. */
  private final class Steps {
    private final List<StepTaken> kept = new ArrayList<>();
    private long seen;
    private int stride = 1;
    private @Nullable StepTaken last; // where it is not among those kept

    void add(StepTaken step) {
      if (last != null) {
        delete(last);
        last = null;
      }
      write(step);
      if (seen++ % stride == 0) {
        kept.add(step);
        if (kept.size() > MOST_STEPS) {
          halve();
        }
      } else {
        last = step;
      }
    }

    private void halve() {
      List<StepTaken> all = List.copyOf(kept);
      kept.clear();
      for (int k = 0; k < all.size(); k++) {
        if (k % 2 == 0) {
          kept.add(all.get(k));
        } else {
          delete(all.get(k));
        }
      }
      stride *= 2;
    }

    void forget() {
      kept.forEach(RunListener.this::delete);
      if (last != null) {
        delete(last);
      }
    }
  }
}
