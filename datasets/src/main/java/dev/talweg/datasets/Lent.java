package dev.talweg.datasets;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * A value that the driver lends to all tasks, and that nobody changes meanwhile: a broadcast on a
 * cluster; in Spark's local mode, where driver and tasks share a JVM, the value itself, which a
 * broadcast would serialize and compress first.
 */
public final class Lent<T> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Map<Long, Object> IN_THIS_JVM = new ConcurrentHashMap<>();
  private static final AtomicLong KEYS = new AtomicLong();

  private final long key = KEYS.incrementAndGet(); // of the driver: other JVMs make none
  private final @Nullable Broadcast<T> broadcast;

  private Lent(@Nullable Broadcast<T> broadcast) {
    this.broadcast = broadcast;
  }

  /** To the tasks of a context, until it is taken back. */
  public static <T> Lent<T> to(JavaSparkContext context, T value) {
    Lent<T> lent = new Lent<>(context.isLocal() ? null : context.broadcast(value));
    if (lent.broadcast == null) {
      IN_THIS_JVM.put(lent.key, value);
    }
    return lent;
  }

  /** The value, in a task or on the driver. */
  @SuppressWarnings("unchecked") // only to() puts it there
  public T value() {
    if (broadcast != null) {
      return broadcast.value();
    }
    Object value = IN_THIS_JVM.get(key);
    if (value == null) {
      throw new IllegalStateException("what was lent has been taken back");
    }
    return (T) value;
  }

  /** Frees it everywhere. */
  public void takeBack() {
    if (broadcast != null) {
      broadcast.destroy();
    }
    IN_THIS_JVM.remove(key);
  }
}
