package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.Slopes;
import java.util.Optional;

/**
 * Strong Wolfe search along a ray of a convex linear objective, with the intercept minimized beside
 * the step.
 *
 * <p>φ(α, β) is smooth and convex in two variables and its Hessian costs no pass over features, so
 * the search is Newton's method, damped. In almost every iteration the Newton step from (1, 0) is
 * the answer, and its own slopes are checked by the evaluation that follows: {@link #guess}. Only
 * when that check fails, or where the guess is so far from 1 that one step of Newton's is no
 * answer, does {@link #search} spend probes: they cost less than a pass that is thrown away.
 *
 * <p>Wolfe's conditions (Nocedal and Wright 2006, 3.1) with c₁ = 1e-4, c₂ = 0.9. Close to the
 * optimum differences of φ are rounding noise, so a value may exceed φ(0) by 1e-12 |φ(0)| where the
 * slopes satisfy the approximate condition of Hager and Zhang (2005).
 */
final class RaySearch {
  private static final double C1 = 1e-4;
  private static final double C2 = 0.9;
  private static final double NOISE = 1e-12;
  private static final int MOST_PROBES = 40;

  /** The largest distance from 1 of a guess that is taken as it is. */
  private static final double NEAR = 0.2;

  /** What a search leaves of the slope at 0. */
  private static final double LEFT = 0.01;

  /** Slopes are sums of such as σ − 1, to 1e-16 each however small the loss is. */
  private static final double ROUNDED_SLOPE = 1e-12;

  /** A step along the direction, and a shift of the intercept beside it. */
  record Point(double step, double shift, int probes) {}

  private final double value;
  private final double slope;

  /** A search from φ(0, 0) = value, where ∂φ/∂α = slope, below 0. */
  RaySearch(double value, double slope) {
    this.value = value;
    this.slope = slope;
  }

  /** The Newton step from (1, 0), with the step in [0.1, 3]. */
  static Point guess(Slopes atOne) {
    if (atOne.beta() == 0 && atOne.betaBeta() == 0 && atOne.alphaAlpha() > 0) { // no intercept
      return new Point(bounded(1 - atOne.alpha() / atOne.alphaAlpha()), 0, 1);
    }
    double determinant =
        atOne.alphaAlpha() * atOne.betaBeta() - atOne.alphaBeta() * atOne.alphaBeta();
    if (!(determinant > 1e-12 * atOne.alphaAlpha() * atOne.betaBeta())) {
      return new Point(1, 0, 1);
    }
    double step =
        1 - (atOne.betaBeta() * atOne.alpha() - atOne.alphaBeta() * atOne.beta()) / determinant;
    double bounded = bounded(step);
    double shift = -(atOne.beta() + atOne.alphaBeta() * (bounded - 1)) / atOne.betaBeta();
    return new Point(bounded, shift, 1);
  }

  private static double bounded(double step) {
    return Math.min(Math.max(step, 0.1), 3);
  }

  /** Whether a guess is taken as it is; where rounding makes the slope, any is. */
  boolean trusts(Point guess) {
    return Math.abs(guess.step() - 1) <= NEAR
        || -slope <= Math.max(Minimizer.State.ROUNDING * Math.abs(value), ROUNDED_SLOPE);
  }

  /** Whether Wolfe's conditions hold at a point with this value and slope along the direction. */
  boolean accepts(double step, double valueThere, double slopeThere) {
    if (!Double.isFinite(valueThere) || Math.abs(slopeThere) > -C2 * slope) {
      return false;
    }
    return valueThere <= value + C1 * step * slope
        || (valueThere <= value + NOISE * Math.abs(value) && slopeThere <= (2 * C1 - 1) * slope);
  }

  /**
   * Damped Newton from a point, or from (0, 0) where that is lower; empty if no probe decreases φ.
   */
  Optional<Point> search(Ray ray, Point from) {
    double step = from.step();
    double shift = from.shift();
    int probes = 1;
    Slopes here = ray.at(step, shift);
    if (!(here.value() < value)) {
      step = 0;
      shift = 0;
      probes++;
      here = ray.at(0, 0);
    }
    while (probes++ < MOST_PROBES) {
      if (step > 0 && accepts(step, here.value(), here.alpha()) && flat(here) && low(here)) {
        return Optional.of(new Point(step, shift, probes));
      }
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
      double longest = Math.max(1, 4 * step);
      double fraction = Math.min(1, longest / Math.max(Math.abs(towardsStep), 1e-300));
      Slopes there = here;
      double decrease = here.alpha() * towardsStep + here.beta() * towardsShift;
      while (probes++ < MOST_PROBES) {
        there = ray.at(step + fraction * towardsStep, shift + fraction * towardsShift);
        if (there.value() <= here.value() + C1 * fraction * decrease) {
          break;
        }
        fraction *= 0.5;
      }
      if (!(there.value() < here.value())) {
        break;
      }
      step += fraction * towardsStep;
      shift += fraction * towardsShift;
      here = there;
    }
    return here.value() < value || (step > 0 && accepts(step, here.value(), here.alpha()))
        ? Optional.of(new Point(step, shift, probes))
        : Optional.empty();
  }

  private boolean low(Slopes here) {
    return Math.abs(here.alpha()) <= -LEFT * slope;
  }

  /**
   * Whether the intercept is at its minimum, to a tenth of a percent of what the step has gained.
   */
  private boolean flat(Slopes here) {
    double gain = Math.max(value - here.value(), NOISE * Math.abs(value));
    return here.beta() * here.beta() <= 2e-3 * gain * here.betaBeta();
  }
}
