package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A learning-rate range test (Smith, WACV 2017; in the form of fast.ai): the rate grows
 * exponentially from step to step, and the loss shows where steps begin to help and where they
 * begin to harm.
 *
 * <p>The loss that stands beside a rate is that of the next batch where the step of that rate led.
 * It is smoothed by an exponential mean with a correction of its start, and the test ends where
 * that is more than {@value #WORSE} times its lowest value away from it, or is not finite.
 *
 * @param from the first rate, above 0
 * @param to the last one, above the first
 * @param steps between them, at least {@value #LEAST}
 */
public record RateRange(double from, double to, int steps) {
  /** Fewer steps show no slope. */
  public static final int LEAST = 10;

  private static final double KEPT = 0.95;
  private static final double WORSE = 3;

  public RateRange {
    if (!(from > 0 && to > from && Double.isFinite(to))) {
      throw new IllegalArgumentException(
          "rates grow from above 0 to a larger one, not from " + from + " to " + to);
    }
    if (steps < LEAST) {
      throw new IllegalArgumentException(steps + " steps are fewer than " + LEAST);
    }
  }

  /** The rate of each step. */
  public Schedule schedule() {
    return new Growing(from, to, steps - 1L);
  }

  /** from · (to/from)^(t/last). */
  private record Growing(double from, double to, long last) implements Schedule {
    private static final long serialVersionUID = 1L;

    @Override
    public double at(long step) {
      return from * StrictMath.pow(to / from, (double) step / last);
    }
  }

  /** A rate, the loss after its step, and the smoothed loss. */
  public record Point(double rate, double loss, double smoothed) {}

  /**
   * What was seen.
   *
   * @param end why it ended before the last rate; empty where it did not
   */
  public record Curve(List<Point> points, String end) {
    public Curve {
      points = List.copyOf(points);
    }

    /**
     * The rate where the smoothed loss falls most for the same factor of the rate, before its
     * lowest value.
     */
    public OptionalDouble steepest() {
      int lowest = lowest();
      double slope = 0;
      OptionalDouble rate = OptionalDouble.empty();
      for (int k = 1; k < lowest; k++) {
        double here = points.get(k + 1).smoothed() - points.get(k - 1).smoothed();
        if (here < slope) {
          slope = here;
          rate = OptionalDouble.of(points.get(k).rate());
        }
      }
      return rate;
    }

    /** A tenth of the rate where the smoothed loss is lowest. */
    public OptionalDouble minimumTenth() {
      return points.isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(points.get(lowest()).rate() / 10);
    }

    private int lowest() {
      int lowest = 0;
      for (int k = 1; k < points.size(); k++) {
        lowest = points.get(k).smoothed() < points.get(lowest).smoothed() ? k : lowest;
      }
      return lowest;
    }
  }

  /**
   * Takes the steps.
   *
   * @param descent whose rate is {@link #schedule}
   */
  public Curve run(Descent descent, BatchObjective objective, double[] start) {
    Descent.State state = descent.start(objective, start);
    long gradients = descent.chain().repeats().times(); // of a step
    List<Point> points = new ArrayList<>();
    double mean = 0;
    double weight = 0;
    double best = Double.POSITIVE_INFINITY;
    for (int k = 0; k < steps; k++) {
      double rate = schedule().at(k);
      for (long gradient = 0; gradient < gradients; gradient++) {
        state = descent.next(objective, state);
      }
      if (state.rescue().used() || !state.failure().isEmpty()) {
        return new Curve(points, "the loss is not finite at a rate of " + rate);
      }
      mean = KEPT * mean + (1 - KEPT) * state.value();
      weight = KEPT * weight + (1 - KEPT);
      double smoothed = mean / weight;
      points.add(new Point(rate, state.value(), smoothed));
      best = Math.min(best, smoothed);
      if (smoothed > best + WORSE * Math.abs(best)) {
        return new Curve(points, "the loss was much above its lowest at a rate of " + rate);
      }
    }
    return new Curve(points, "");
  }
}
