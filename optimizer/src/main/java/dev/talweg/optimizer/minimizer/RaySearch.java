package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.Slopes;
import org.jspecify.annotations.Nullable;

/**
 * Strong Wolfe search along a ray of a convex linear objective, with the intercept minimized beside
 * the step.
 *
 * <p>φ(α, β) is smooth and convex in two variables and its Hessian costs no pass over features, so
 * the search is Newton's method. In almost every iteration the Newton step from (1, 0) is the
 * answer, and its own slopes are checked by the evaluation that follows: {@link #guess}. Only when
 * that check fails, or where the guess is far from 1 and the slopes at 0 and 1 are not those of a
 * parabola ({@link #trusts}), does {@link #search} spend probes: they cost less than a pass that is
 * thrown away.
 *
 * <p>On nearly separable rows φ bends like a kink: its curvature along α changes a thousandfold
 * within a step, and Newton's method leaps to and fro or creeps. So the search keeps two steps that
 * enclose the minimum of min_β φ(α, β), told by the sign of its slope. Where a Newton step leaves
 * them it takes the minimum of the cubic through both; where slopes do not halve, the zero of their
 * secant, and then the middle. A probe whose intercept is far from its minimum tells no such sign:
 * until it does, the intercept moves by a unit of the margin at most, by turns with a step back
 * towards the lower end where φ is not lower. Where that goes on, as between the kinks of a hinge,
 * Newton's method is damped, in both variables.
 *
 * <p>A point is accepted where the slope is at most 0.9 of that at 0, up or down, which is Wolfe's
 * strong condition (Nocedal and Wright 2006, 3.1), and φ is not above φ(0). Close to the optimum
 * differences of φ are rounding noise, so it may exceed φ(0) by 1e-12 |φ(0)|. Such a slope meets
 * the approximate condition of Hager and Zhang (2005), which stands for Armijo's there.
 */
final class RaySearch {
  private static final double C1 = 1e-4;
  private static final double C2 = 0.9;
  private static final double NOISE = 1e-12;
  private static final int MOST_PROBES = 40;

  /** Probes in a row whose intercepts are far from their minimum, before all are damped. */
  private static final int PATIENCE = 4;

  /** The steps of guesses; others than 1 say how far the model of the direction is wrong. */
  private static final double SHORTEST = 0.1;

  private static final double LONGEST = 10;

  /** What a search may leave of the slope at 0, and a guess at this distance from 1. */
  private static final double LEFT = 0.1;

  private static final double NEAR = 0.2;

  /** What a guess that is farther away may leave of the slope at 0. */
  private static final double STRAIGHT = 0.01;

  /** The least distance between a probe and what encloses it, as a part of the distance of both. */
  private static final double INSIDE = 0.01;

  /** Of the way to a point that has no finite value. */
  private static final double FROM_INFINITY = 0.1;

  /** Slopes are sums of such as σ − 1, to 1e-16 each however small the loss is. */
  private static final double ROUNDED_SLOPE = 1e-12;

  /** A step along the direction, and a shift of the intercept beside it. */
  record Point(double step, double shift) {

    /** The point at a part of the way to another. */
    Point towards(Point other, double part) {
      return new Point(step + part * (other.step - step), shift + part * (other.shift - shift));
    }
  }

  /**
   * What a search came to.
   *
   * @param point the origin where no other one is lower
   * @param probes of the ray, but for the slopes at (1, 0), which are known
   */
  record Found(Point point, int probes) {
    boolean isStep() {
      return !point.equals(ORIGIN);
    }
  }

  private static final Point ORIGIN = new Point(0, 0);
  private static final Point UNIT = new Point(1, 0);

  private final double value;
  private final double slope;

  /** A search from φ(0, 0) = value, where ∂φ/∂α = slope, below 0. */
  RaySearch(double value, double slope) {
    this.value = value;
    this.slope = slope;
  }

  /** The Newton step from (1, 0), with the step in [0.1, 10]. */
  static Point guess(Slopes atOne) {
    if (atOne.beta() == 0 && atOne.betaBeta() == 0 && atOne.alphaAlpha() > 0) { // no intercept
      return new Point(bounded(1 - atOne.alpha() / atOne.alphaAlpha()), 0);
    }
    double determinant =
        atOne.alphaAlpha() * atOne.betaBeta() - atOne.alphaBeta() * atOne.alphaBeta();
    if (!(determinant > 1e-12 * atOne.alphaAlpha() * atOne.betaBeta())) {
      return UNIT;
    }
    double step =
        1 - (atOne.betaBeta() * atOne.alpha() - atOne.alphaBeta() * atOne.beta()) / determinant;
    double bounded = bounded(step);
    double shift = -(atOne.beta() + atOne.alphaBeta() * (bounded - 1)) / atOne.betaBeta();
    return new Point(bounded, shift);
  }

  private static double bounded(double step) {
    return Math.min(Math.max(step, SHORTEST), LONGEST);
  }

  /**
   * Whether a guess is taken as it is: the parabola from (1, 0), and the cubic that has the slope
   * at 0 too, are flat there. Where rounding makes the slope, any is.
   */
  boolean trusts(Point guess, Slopes atOne) {
    double far = guess.step() - 1;
    double parabola = atOne.alpha() + atOne.alphaAlpha() * far + atOne.alphaBeta() * guess.shift();
    double bend = (slope - (atOne.alpha() - atOne.alphaAlpha())) * far * far;
    double left = Math.abs(far) <= NEAR ? LEFT : STRAIGHT;
    return Math.abs(parabola) + Math.abs(bend) <= -left * slope
        || -slope <= Math.max(Minimizer.State.ROUNDING * Math.abs(value), ROUNDED_SLOPE);
  }

  /** Whether a point with this value and slope along the direction is low and flat enough. */
  boolean accepts(double valueThere, double slopeThere) {
    return Double.isFinite(valueThere)
        && Math.abs(slopeThere) <= -C2 * slope
        && valueThere <= value + NOISE * Math.abs(value);
  }

  /** A point of the ray and what is known there. */
  private record Probe(Point point, Slopes slopes) {
    static Probe of(Ray ray, Point point) {
      return new Probe(point, ray.at(point.step(), point.shift()));
    }

    double step() {
      return point.step();
    }

    double value() {
      return slopes.value();
    }

    /** How much φ changes on the way to another point, if its slopes stay. */
    double rise(Point other) {
      return slopes.alpha() * (other.step() - point.step())
          + slopes.beta() * (other.shift() - point.shift());
    }

    /** The slope of min_β φ(α, β) along α, as Newton's method has it. */
    double slope() {
      return slopes.betaBeta() > 0
          ? slopes.alpha() - slopes.alphaBeta() * slopes.beta() / slopes.betaBeta()
          : slopes.alpha();
    }

    /** Another point, its shift moved as Newton's method has it, by a unit at most. */
    Point settled(Point other) {
      double lift =
          slopes.beta()
              + slopes.alphaBeta() * (other.step() - point.step())
              + slopes.betaBeta() * (other.shift() - point.shift());
      double by = lift / slopes.betaBeta();
      return Double.isNaN(by)
          ? other
          : new Point(other.step(), other.shift() - Math.max(-1, Math.min(1, by)));
    }

    /** Whether Newton's method moves the intercept by half a unit of the margin at most. */
    boolean isSettled() {
      return !(Math.abs(slopes.beta()) > 0.5 * slopes.betaBeta());
    }

    /** The lowest point on the way to one that is not lower, as a cubic has it. */
    Point towards(Probe other) {
      double part = least(rise(other.point), -other.rise(point), other.value() - value());
      return point.towards(other.point, inside(part, 0.5));
    }

    /** Where slopes on a straight line are 0, as a part of the way. */
    double secant(Probe other) {
      return slope() / (slope() - other.slope());
    }

    /** Where a cubic with both slopes and values is least, as a part of the way. */
    double cubic(Probe other) {
      double far = other.step() - step();
      return least(far * slope(), far * other.slope(), other.value() - value());
    }

    /** The minimum of a cubic with these slopes at 0 and 1 (Nocedal and Wright 2006, 3.59). */
    private static double least(double slopeAtZero, double slopeAtOne, double rise) {
      double mean = slopeAtZero + slopeAtOne - 3 * rise;
      double root = Math.sqrt(Math.max(0, mean * mean - slopeAtZero * slopeAtOne));
      return 1 - (slopeAtOne + root - mean) / (slopeAtOne - slopeAtZero + 2 * root);
    }
  }

  /** A low and flat point, or the lowest found; the origin if none is below it. */
  Found search(Ray ray) {
    Probe low = new Probe(ORIGIN, new Slopes(value, slope, 0, 0, 0, 0));
    Probe there = Probe.of(ray, UNIT);
    Probe lowest = there.value() < value ? there : low;
    @Nullable Probe high = null;
    double least = -slope;
    int stale = 0;
    int unsettled = 0;
    int probes = 0;
    while (probes < MOST_PROBES / 2 && unsettled <= PATIENCE) {
      double steep = Math.abs(there.slopes().alpha());
      stale = steep <= 0.5 * least ? 0 : stale + 1;
      least = steep < least ? steep : least;
      Point next = newton(there);
      if (there.isSettled()) {
        unsettled = 0;
        if (there.slope() < 0) {
          low = there;
        } else {
          high = there;
        }
        if (high != null && (stale > 1 || !within(low, next, high))) {
          next = between(low, high, stale, there);
        }
      } else {
        unsettled++;
        if (there.value() < low.value()) {
          next = within(low, next, high) ? next : there.settled(there.point());
        } else {
          next = probes % 2 == 1 ? there.settled(there.point()) : low.towards(there);
        }
      }
      if (!(next.step() > low.step())) {
        break;
      }
      probes++;
      there = Probe.of(ray, next);
      if (ends(there)) {
        return new Found(next, probes);
      }
      lowest = there.value() < lowest.value() ? there : lowest;
    }
    return damped(ray, lowest, probes);
  }

  /** Newton's method, damped: slower along a bend, but it needs no sign of an intercept. */
  private Found damped(Ray ray, Probe from, int before) {
    int probes = before;
    Probe here = from;
    if (!(here.step() > 0)) {
      here = Probe.of(ray, ORIGIN);
      probes++;
    }
    while (probes < MOST_PROBES && !ends(here)) {
      Point end = newton(here);
      double decrease = here.rise(end);
      double fraction = 1;
      Probe there = here;
      while (probes < MOST_PROBES) {
        there = Probe.of(ray, here.point().towards(end, fraction));
        probes++;
        if (there.value() <= here.value() + C1 * fraction * decrease) {
          break;
        }
        fraction *= 0.5;
      }
      if (!(there.value() < here.value())) {
        break;
      }
      here = there;
    }
    boolean taken = here.value() < value || (here.step() > 0 && accepts(here));
    return new Found(taken ? here.point() : ORIGIN, probes);
  }

  private boolean accepts(Probe there) {
    return accepts(there.value(), there.slopes().alpha());
  }

  private boolean ends(Probe there) {
    return there.step() > 0
        && accepts(there)
        && flat(there.slopes())
        && Math.abs(there.slopes().alpha()) <= -LEFT * slope;
  }

  private static boolean within(Probe low, Point point, @Nullable Probe high) {
    return point.step() > low.step() && (high == null || point.step() < high.step());
  }

  /**
   * @param stale how often in a row slopes have not halved
   */
  private static Point between(Probe low, Probe high, int stale, Probe last) {
    boolean finite = Double.isFinite(last.value()) && Double.isFinite(last.slope());
    double part =
        !finite ? FROM_INFINITY : stale > 2 ? 0.5 : stale > 1 ? low.secant(high) : low.cubic(high);
    return last.settled(low.point().towards(high.point(), inside(part, 1 - INSIDE)));
  }

  private static double inside(double part, double most) {
    return part > INSIDE ? Math.min(part, most) : INSIDE; // also where it is no number
  }

  /** Where Newton's method leads. */
  private Point newton(Probe from) {
    Slopes here = from.slopes();
    // ridge the Hessian so that flat pieces (a hinge, a Huber tail) still give a descent
    // direction; an intercept without any curvature may move by about one unit of the margin
    double aa = here.alphaAlpha() * (1 + 1e-10) + 1e-12 * Math.abs(slope);
    double bb =
        here.betaBeta() > 0 ? here.betaBeta() * (1 + 1e-10) : Math.max(Math.abs(here.beta()), aa);
    double determinant = aa * bb - here.alphaBeta() * here.alphaBeta();
    double towardsStep =
        determinant > 0
            ? -(bb * here.alpha() - here.alphaBeta() * here.beta()) / determinant
            : -here.alpha() / aa;
    double towardsShift =
        determinant > 0 ? -(aa * here.beta() - here.alphaBeta() * here.alpha()) / determinant : 0;
    double longest = Math.max(1, 4 * from.step());
    double fraction = Math.min(1, longest / Math.max(Math.abs(towardsStep), 1e-300));
    return new Point(
        from.step() + fraction * towardsStep, from.point().shift() + fraction * towardsShift);
  }

  /**
   * Whether the intercept is at its minimum, to a tenth of a percent of what the step has gained.
   */
  private boolean flat(Slopes here) {
    double gain = Math.max(value - here.value(), NOISE * Math.abs(value));
    return here.beta() * here.beta() <= 2e-3 * gain * here.betaBeta();
  }
}
