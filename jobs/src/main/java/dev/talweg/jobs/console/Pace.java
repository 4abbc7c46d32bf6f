package dev.talweg.jobs.console;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How fast a run goes, and how long it will. Without a bound near by, the steps left follow from
 * the gap, which a minimizer that converges linearly divides by about the same factor in each step.
 */
public final class Pace {
  private @Nullable IterationRecord first;
  private @Nullable IterationRecord last;

  public void seen(IterationRecord record) {
    if (first == null) {
      first = record;
    }
    last = record;
  }

  /** Rows per second of all passes, NaN before there are some. */
  double rowsPerSecond(long rows) {
    return last == null || last.seconds() <= 0 || last.passes() == 0
        ? Double.NaN
        : rows * (double) last.passes() / last.seconds();
  }

  /** The step it will likely end at. */
  public OptionalLong expectedSteps(RunObserver.Plan plan) {
    if (first == null || last == null) {
      return OptionalLong.empty();
    }
    long limit = plan.steps() == 0 ? Long.MAX_VALUE : plan.steps();
    double expected = Double.POSITIVE_INFINITY;
    if (plan.gap() != null && last.gap() != null && first.gap() != null) {
      double perStep = Math.log(first.gap() / last.gap()) / Math.max(1, last.step() - first.step());
      expected = last.step() + Math.max(0, Math.log(last.gap() / plan.gap()) / perStep);
    }
    if (!(expected >= 0) || expected >= limit) {
      return limit == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(limit);
    }
    return OptionalLong.of((long) Math.ceil(expected));
  }

  double secondsLeft(RunObserver.Plan plan, IterationRecord record) {
    OptionalLong expected = expectedSteps(plan);
    if (expected.isEmpty() || first == null || record.step() <= first.step()) {
      return Double.NaN;
    }
    double perStep = (record.seconds() - first.seconds()) / (record.step() - first.step());
    return perStep * (expected.getAsLong() - record.step());
  }
}
