package dev.talweg.optimizer.kernel;

import java.util.stream.IntStream;

/**
 * A loop over long arrays, cut into strips that the cores share: for what each entry has for
 * itself, so that bits do not depend on who takes which.
 */
public final class Strips {
  /** Entries of a strip: 64 KiB of an array. A core needs some 10 µs for one, or to wake up. */
  private static final int LENGTH = 1 << 13;

  /** Shorter ones are not worth the waking. */
  private static final int LEAST = 1 << 15;

  private Strips() {}

  /** The loop, from an item on to before another one. */
  public interface Loop {
    void over(int from, int until);
  }

  /**
   * Has the loop go over all of {@code count} items.
   *
   * @param width entries of an item
   */
  public static void each(int count, int width, Loop loop) {
    if ((long) count * width < LEAST) {
      loop.over(0, count);
      return;
    }
    int length = Math.max(1, LENGTH / width);
    IntStream.range(0, (count + length - 1) / length)
        .parallel()
        .forEach(s -> loop.over(s * length, Math.min(count, (s + 1) * length)));
  }
}
