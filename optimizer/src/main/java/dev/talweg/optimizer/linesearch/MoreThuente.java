package dev.talweg.optimizer.linesearch;

import java.util.Optional;

/**
 * Moré and Thuente's search (ACM Transactions on Mathematical Software 20, 1994), as {@code dcsrch}
 * of MINPACK-2 has it and L-BFGS-B, of SciPy and scikit-learn, calls it.
 *
 * <p>It holds an interval whose one end is the best step so far, and of which the other, once there
 * is a minimum between them, makes it a bracket. Until a step has a decrease that is enough, the
 * function that it interpolates is the value above the line of that decrease. Where the bracket has
 * no room left, the best step is taken even though its slope is too steep.
 *
 * <p>A step that leads to what is no number is halved; {@code dcsrch} leaves that to its caller.
 *
 * @param decrease share of the decrease that the slope promises, to be reached
 * @param curvature share of the slope that may be left
 * @param precision a bracket that is narrower than this share of its upper end has no room left
 * @param longest step, above 0
 */
public record MoreThuente(double decrease, double curvature, double precision, double longest)
    implements LineSearch {
  /** A bracket that does not shrink to this share in two steps is halved. */
  private static final double SHRINK = 0.66;

  /** With the constants of L-BFGS-B. */
  public MoreThuente() {
    this(1e-3, 0.9, 0.1, 1e10);
  }

  @Override
  public Optional<Trial> search(Line line, double first, int most) {
    Trial start = line.start();
    double enough = decrease * start.slope();
    Interval interval = new Interval(new End(0, start.value(), start.slope()), 5 * first);
    boolean aboveTheLine = true;
    double step = first;
    for (int tried = 0; tried < most; tried++) {
      Trial trial = line.at(step);
      if (!trial.isFinite()) {
        step = Trial.between(interval.best.step, step);
        continue;
      }
      boolean decreases = trial.value() <= start.value() + step * enough;
      boolean flat = Math.abs(trial.slope()) <= -curvature * start.slope();
      boolean furthest = step == longest && decreases && trial.slope() <= enough;
      if ((decreases && flat) || furthest || interval.hasNoRoom(step)) {
        return Optional.of(trial).filter(found -> found.step() > 0);
      }
      aboveTheLine &= !(decreases && trial.slope() >= 0);
      End end = new End(step, trial.value(), trial.slope());
      boolean modified = aboveTheLine && !decreases && trial.value() <= interval.best.value;
      step = interval.next(end, modified ? enough : 0);
    }
    return Optional.empty();
  }

  private record End(double step, double value, double slope) {
    /** Above the line of a slope through the start. */
    End above(double line) {
      return new End(step, value - step * line, slope - line);
    }
  }

  /** Where the minimum is, as far as it is known; {@code dcstep} is {@link #tried}. */
  private final class Interval {
    private End best;
    private End other;
    private boolean bracketed;
    private double least;
    private double most;
    private double width = longest;
    private double widthBefore = 2 * longest;

    Interval(End start, double most) {
      this.best = start;
      this.other = start;
      this.most = most;
    }

    boolean hasNoRoom(double step) {
      return bracketed && (step <= least || step >= most || most - least <= precision * most);
    }

    /** The step to try after one that was tried. */
    double next(End end, double line) {
      best = best.above(line);
      other = other.above(line);
      double step = tried(end.above(line));
      best = best.above(-line);
      other = other.above(-line);
      if (bracketed) {
        double wide = Math.abs(other.step - best.step);
        step = wide >= SHRINK * widthBefore ? Trial.between(best.step, other.step) : step;
        widthBefore = width;
        width = wide;
        least = Math.min(best.step, other.step);
        most = Math.max(best.step, other.step);
      } else {
        least = step + 1.1 * (step - best.step);
        most = step + 4 * (step - best.step);
      }
      step = Math.min(Math.max(step, 0), longest);
      return hasNoRoom(step) ? best.step : step;
    }

    private double tried(End end) {
      boolean turns = end.slope * Math.signum(best.slope) < 0;
      double step;
      if (end.value > best.value) {
        double cubic = best.step + cubic(best, end, gamma(best, end)) * (end.step - best.step);
        double slope = (best.value - end.value) / (end.step - best.step);
        double quadratic =
            best.step + best.slope / (slope + best.slope) / 2 * (end.step - best.step);
        step =
            Math.abs(cubic - best.step) < Math.abs(quadratic - best.step)
                ? cubic
                : Trial.between(cubic, quadratic);
        bracketed = true;
      } else if (turns) {
        double cubic = end.step + cubic(end, best, gamma(end, best)) * (best.step - end.step);
        step = further(end.step, cubic, secant(end));
        bracketed = true;
      } else if (Math.abs(end.slope) < Math.abs(best.slope)) {
        step = flatter(end);
      } else if (bracketed) {
        step = end.step + cubic(end, other, gamma(end, other)) * (other.step - end.step);
      } else {
        step = end.step > best.step ? most : least;
      }
      if (end.value > best.value) {
        other = end;
      } else {
        other = turns ? best : other;
        best = end;
      }
      return step;
    }

    /** After a lower value whose slope has the same sign and is less steep. */
    private double flatter(End end) {
      double gamma = gamma(end, best);
      double ratio = cubic(end, best, gamma);
      double cubic =
          ratio < 0 && gamma != 0
              ? end.step + ratio * (best.step - end.step)
              : end.step > best.step ? most : least;
      if (!bracketed) {
        return Math.max(least, Math.min(most, further(end.step, cubic, secant(end))));
      }
      double secant = secant(end);
      double nearer = Math.abs(cubic - end.step) < Math.abs(secant - end.step) ? cubic : secant;
      double limit = end.step + SHRINK * (other.step - end.step);
      return end.step > best.step ? Math.min(limit, nearer) : Math.max(limit, nearer);
    }

    private double secant(End end) {
      return end.step + end.slope / (end.slope - best.slope) * (best.step - end.step);
    }

    private static double further(double from, double cubic, double secant) {
      return Math.abs(cubic - from) > Math.abs(secant - from) ? cubic : secant;
    }

    /** The root of the derivative's discriminant; 0 where the cubic has no minimum. */
    private static double gamma(End from, End to) {
      double theta = theta(from, to);
      double scale = Math.max(Math.abs(theta), Math.max(Math.abs(from.slope), Math.abs(to.slope)));
      double t = theta / scale;
      double gamma =
          scale * Math.sqrt(Math.max(0, t * t - (from.slope / scale) * (to.slope / scale)));
      return to.step < from.step ? -gamma : gamma;
    }

    /** Where the cubic through two ends has its minimum, as a share of the way. */
    private static double cubic(End from, End to, double gamma) {
      return ((gamma - from.slope) + theta(from, to)) / (((gamma - from.slope) + gamma) + to.slope);
    }

    private static double theta(End from, End to) {
      return 3 * (from.value - to.value) / (to.step - from.step) + from.slope + to.slope;
    }
  }
}
