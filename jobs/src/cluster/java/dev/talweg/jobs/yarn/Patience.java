package dev.talweg.jobs.yarn;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what another process does, looking twenty times a second; gives up with a sentence. */
record Patience(long seconds, String what) {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  static Patience of(long seconds, String what) {
    return new Patience(seconds, what);
  }

  void until(BooleanSupplier condition) {
    until(condition::getAsBoolean, found -> found);
  }

  <T> T until(Supplier<T> look, Predicate<T> wanted) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (T found = look.get(); ; found = look.get()) {
      if (wanted.test(found)) {
        return found;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + seconds + " s for " + what + ", found " + found);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }
}
