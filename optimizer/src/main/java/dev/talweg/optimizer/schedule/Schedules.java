package dev.talweg.optimizer.schedule;

import java.util.ArrayList;
import java.util.List;

/** Joins that have a name of their own. */
public final class Schedules {
  private Schedules() {}

  /**
   * Linear from 0 to {@code peak} in {@code warmup} steps, then a cosine down to {@code end} at
   * step {@code steps}, as optax's {@code warmup_cosine_decay_schedule}: step 0 has rate 0.
   *
   * @param steps in all, the warm-up included
   */
  public static Schedule warmupCosine(long warmup, long steps, double peak, double end) {
    if (warmup == 0) {
      return new Cosine(peak, end, steps);
    }
    if (steps <= warmup) {
      throw new IllegalArgumentException(
          "steps " + steps + " must be more than the warm-up's " + warmup);
    }
    return new Join(
        List.of(new Linear(0, peak, warmup), new Cosine(peak, end, steps - warmup)),
        List.of(warmup));
  }

  /** The same down to 0. */
  public static Schedule warmupCosine(long warmup, long steps, double peak) {
    return warmupCosine(warmup, steps, peak, 0);
  }

  /**
   * One cycle (Smith and Topin 2018) as PyTorch's {@code OneCycleLR}: up from peak/divisor, down to
   * that by {@code finalDivisor}. In PyTorch the peak is at step warmShare · steps − 1 and the end
   * at steps − 1, beyond which PyTorch's own rate turns negative; this one stays.
   *
   * @param steps at least 3
   * @param warmShare of the steps until the peak, in (0, 1); below 1/2 in three phases
   */
  public static Schedule oneCycle(
      double peak,
      long steps,
      double warmShare,
      double divisor,
      double finalDivisor,
      Interpolated.Curve curve,
      Phases phases) {
    double start = peak / divisor;
    double end = start / finalDivisor;
    double top = warmShare * steps - 1;
    return phases == Phases.TWO
        ? new Interpolated(List.of(0.0, top, steps - 1.0), List.of(start, peak, end), curve)
        : new Interpolated(
            List.of(0.0, top, 2 * warmShare * steps - 2, steps - 1.0),
            List.of(start, peak, start, end),
            curve);
  }

  /** Momentum against the rate of {@link #oneCycle}: down from most to least, and back. */
  public static Schedule oneCycleMomentum(
      double least,
      double most,
      long steps,
      double warmShare,
      Interpolated.Curve curve,
      Phases phases) {
    double top = warmShare * steps - 1;
    return phases == Phases.TWO
        ? new Interpolated(List.of(0.0, top, steps - 1.0), List.of(most, least, most), curve)
        : new Interpolated(
            List.of(0.0, top, 2 * warmShare * steps - 2, steps - 1.0),
            List.of(most, least, most, most),
            curve);
  }

  /** How a cycle goes down: at once, or by way of where it started. */
  public enum Phases {
    TWO,
    THREE
  }

  /**
   * Warm-up, stable, decay (Zhai et al. 2022): a trapezoid from 0 to the peak and in the last
   * {@code decay} steps back to {@code end}.
   */
  public static Schedule warmupStableDecay(
      long warmup, long decay, long steps, double peak, double end) {
    if (warmup + decay > steps) {
      throw new IllegalArgumentException(
          "warm-up " + warmup + " and decay " + decay + " are longer than " + steps + " steps");
    }
    List<Double> knots = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    knot(knots, values, 0, warmup == 0 ? peak : 0);
    knot(knots, values, warmup, peak);
    knot(knots, values, steps - decay, peak);
    knot(knots, values, steps, end);
    return new Interpolated(knots, values, Interpolated.Curve.LINEAR);
  }

  private static void knot(List<Double> knots, List<Double> values, long at, double value) {
    if (knots.isEmpty() || at > knots.get(knots.size() - 1)) {
      knots.add((double) at);
      values.add(value);
    }
  }
}
