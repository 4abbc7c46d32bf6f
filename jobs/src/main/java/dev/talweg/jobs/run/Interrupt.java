package dev.talweg.jobs.run;

import java.util.concurrent.atomic.AtomicBoolean;

/** A request to end a run after its current step, with a checkpoint; made by Ctrl-C. */
public final class Interrupt {
  private final AtomicBoolean requested = new AtomicBoolean();

  /** Asks the run to stop. Returns whether this is the first time. */
  public boolean request() {
    return requested.compareAndSet(false, true);
  }

  public boolean requested() {
    return requested.get();
  }
}
