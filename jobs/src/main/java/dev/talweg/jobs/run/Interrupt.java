package dev.talweg.jobs.run;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A request to end a run: after its current step, with a checkpoint, or by cancelling what has
 * nothing to checkpoint; made by Ctrl-C.
 */
public final class Interrupt {
  private final AtomicBoolean requested = new AtomicBoolean();
  private volatile Runnable cancel = () -> {};

  /** Asks the run to stop. Returns whether this is the first time. */
  public boolean request() {
    boolean first = requested.compareAndSet(false, true);
    cancel.run();
    return first;
  }

  /** Work that a request cancels. */
  <T> T cancelling(Runnable how, Supplier<T> work) {
    cancel = how;
    try {
      T result = work.get();
      if (!requested()) {
        return result;
      }
    } catch (Exception e) { // checked ones of Spark too, which Scala does not declare
      if (!requested()) {
        throw e;
      }
    } finally {
      cancel = () -> {};
    }
    throw new InterruptedRun();
  }

  public boolean requested() {
    return requested.get();
  }
}
