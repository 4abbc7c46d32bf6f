package dev.talweg.optimizer.kernel;

import java.util.stream.IntStream;

/**
 * A loop over long arrays, cut into strips that the cores share. What each entry has for itself has
 * the same bits whoever takes which; a sum is taken strip by strip, and the strips depend on the
 * length alone.
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

  /** Terms added to a sum, from an item on to before another one. */
  public interface Terms {
    double addTo(double sum, int from, int until);
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

  /** The same for items of one entry. */
  public static void each(int count, Loop loop) {
    each(count, 1, loop);
  }

  /**
   * The sum of an initial value and of {@code count} terms: those of the first strip are added to
   * the initial value, then come the sums of the others, in their order.
   */
  public static double sum(double initial, int count, Terms terms) {
    if (count < LEAST) {
      return terms.addTo(initial, 0, count);
    }
    double[] sums = new double[(count + LENGTH - 1) / LENGTH];
    IntStream.range(0, sums.length)
        .parallel()
        .forEach(
            s ->
                sums[s] =
                    terms.addTo(
                        s == 0 ? initial : 0, s * LENGTH, Math.min(count, (s + 1) * LENGTH)));
    double sum = sums[0];
    for (int s = 1; s < sums.length; s++) {
      sum += sums[s];
    }
    return sum;
  }

  /** Σ of {@code count} terms. */
  public static double sum(int count, Terms terms) {
    return sum(0, count, terms);
  }
}
