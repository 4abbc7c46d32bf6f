package dev.talweg.jobs.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.util.kvstore.KVStore;

/** The runs of an application, read from the store that {@link RunListener} fills. */
final class StoredRuns {
  private final KVStore store;

  StoredRuns(KVStore store) {
    this.store = store;
  }

  boolean any() {
    try {
      return store.count(RunStarted.class) > 0;
    } catch (Exception e) { // what a store may throw
      throw unreadable(e);
    }
  }

  /** In the order in which they began. */
  List<RunStarted> runs() {
    return all(RunStarted.class);
  }

  Optional<DataRead> data(String run) {
    return one(DataRead.class, run);
  }

  Optional<RunEnded> end(String run) {
    return one(RunEnded.class, run);
  }

  List<RunNoted> notes(String run) {
    return all(RunNoted.class).stream().filter(note -> note.run().equals(run)).toList();
  }

  List<StepTaken> steps(String run) {
    return all(StepTaken.class).stream().filter(step -> step.run().equals(run)).toList();
  }

  private <T> List<T> all(Class<T> type) {
    List<T> all = new ArrayList<>();
    try {
      store.view(type).forEach(all::add);
    } catch (Exception e) { // what a store may throw
      throw unreadable(e);
    }
    return all;
  }

  private <T> Optional<T> one(Class<T> type, String key) {
    try {
      return Optional.of(store.read(type, key));
    } catch (NoSuchElementException e) {
      return Optional.empty();
    } catch (Exception e) { // what a store may throw
      throw unreadable(e);
    }
  }

  private static IllegalStateException unreadable(Exception e) {
    return new IllegalStateException("the store of the Spark UI cannot be read", e);
  }
}
