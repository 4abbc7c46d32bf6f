package dev.talweg.datasets;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where the tasks of one job leave their results for a driver in the same JVM, as in Spark's local
 * mode. Spark would serialize a result, send it through a socket and read it back: 6 ms for a
 * megabyte, which is most of a pass over a few million non-zeros. A task in another JVM finds no
 * desk there, and its result travels.
 *
 * <p>A task that runs twice leaves the same result twice.
 */
final class Desk implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;
  private static final Map<Long, Map<Integer, Object>> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong KEYS = new AtomicLong();

  private final long key = KEYS.incrementAndGet(); // of the driver: other JVMs make none

  static Desk open() {
    Desk desk = new Desk();
    OPEN.put(desk.key, new ConcurrentHashMap<>());
    return desk;
  }

  private Desk() {}

  /** Null if the result lies on the desk; else the result, which has to be sent. */
  <T> @Nullable T leave(int partition, T result) {
    Map<Integer, Object> here = OPEN.get(key);
    if (here == null) {
      return result;
    }
    here.put(partition, result);
    return null;
  }

  /** What was sent, or else lies here. */
  @SuppressWarnings("unchecked") // leave put a T there
  <T> T take(int partition, @Nullable T sent) {
    if (sent != null) {
      return sent;
    }
    Map<Integer, Object> here = OPEN.get(key);
    Object left = here == null ? null : here.remove(partition);
    if (left == null) {
      throw new IllegalStateException("partition " + partition + " has left no result");
    }
    return (T) left;
  }

  @Override
  public void close() {
    OPEN.remove(key);
  }
}
