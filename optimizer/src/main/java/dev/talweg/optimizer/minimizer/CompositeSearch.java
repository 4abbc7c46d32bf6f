package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.Slopes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Search along a ray where the objective is smooth up to Σ l1_j |w_j|, with the intercept minimized
 * beside the step.
 *
 * <p>The smooth part is a parabola near a probe, after the intercept is eliminated; what has kinks
 * is a convex function of the step alone, linear between the steps where a weight is zero. Their
 * sum is minimized exactly ({@link #least}). At the step 1 all weights that the model has set to
 * zero have their kink, so the minimum of the sum is often there, exactly; and a step of 1 is taken
 * as well where another would gain little, since only there zeros are zeros.
 *
 * <p>A step is accepted by the rule of Tseng and Yun (Mathematical Programming 117 (2009)): f(α) ≤
 * f(0) + 1e-4 α Δ with Δ = gᵀp + Σ l1_j (|w_j + p_j| − |w_j|).
 */
final class CompositeSearch {
  private static final double C1 = 1e-4;
  private static final double NOISE = 1e-12;
  private static final int MOST_PROBES = 40;

  /** Another step than 1 must gain this share more. */
  private static final double WORTH = 0.1;

  private static final double SHORTEST = 0.1;
  private static final double LONGEST = 3;

  /** Where a weight is zero, and how much the slope grows there. */
  private record Kink(double step, double growth) {}

  private final Penalty penalty;
  private final double[] origin;
  private final double[] direction;
  private final double value;
  private final double predicted;
  private final double longest;
  private final double firstSlope;
  private final List<Kink> kinks;

  /**
   * A search from parameters of this value, along p.
   *
   * @param slope gᵀp of the smooth part
   */
  CompositeSearch(
      Penalty penalty, double[] origin, double[] direction, double value, double slope) {
    this.penalty = penalty;
    this.origin = origin;
    this.direction = direction;
    this.value = value;
    double end = Double.POSITIVE_INFINITY;
    double change = 0;
    double first = 0;
    List<Kink> found = new ArrayList<>();
    for (int j = 0; j < penalty.features(); j++) {
      double w = origin[j];
      double p = direction[j];
      if (p == 0) {
        continue;
      }
      end = Math.min(end, ((p > 0 ? penalty.upper(j) : penalty.lower(j)) - w) / p);
      double l1 = penalty.l1(j);
      if (l1 > 0) {
        change += l1 * (Math.abs(w + p) - Math.abs(w));
        first += l1 * (w == 0 ? Math.abs(p) : Math.signum(w) * p);
        if (w * p < 0) {
          found.add(new Kink(-w / p, 2 * l1 * Math.abs(p)));
        }
      }
    }
    found.sort(Comparator.comparingDouble(Kink::step));
    this.kinks = found;
    this.firstSlope = first;
    this.predicted = slope + change;
    this.longest = Math.max(1, end); // w + p is within the bounds, whatever rounding says
  }

  /** Δ, below 0 for a direction of descent. */
  double predicted() {
    return predicted;
  }

  /** The step and the shift of the intercept that the slopes at (1, 0) suggest; no probe. */
  RaySearch.Point guess(Slopes atOne) {
    double step = least(1, atOne, SHORTEST, Math.min(LONGEST, longest));
    double gain = modelled(1, atOne, 1) - modelled(1, atOne, step);
    double chosen = gain > -WORTH * predicted ? step : 1;
    return new RaySearch.Point(chosen, shift(1, 0, atOne, chosen));
  }

  /** Whether a point of this value, kinks included, is low enough. */
  boolean accepts(double step, double there) {
    return there <= value + C1 * step * predicted
        || (there <= value + NOISE * Math.abs(value) && -predicted <= 1e-8 * Math.abs(value));
  }

  /** Proximal Newton steps in (α, β), damped; empty if no probe lowers the objective enough. */
  Optional<RaySearch.Found> search(Ray ray) {
    double step = 0;
    double shift = 0;
    Slopes here = ray.at(0, 0);
    double lowest = value;
    int probes = 1;
    while (probes < MOST_PROBES) {
      double towards = least(step, here, 0, Math.min(longest, Math.max(1, 4 * step)));
      double towardsShift = shift(step, shift, here, towards);
      Slopes there = here;
      double found = lowest;
      double fraction = 1;
      while (probes++ < MOST_PROBES) {
        double a = step + fraction * (towards - step);
        there = ray.at(a, shift + fraction * (towardsShift - shift));
        found = there.value() + lasso(a);
        if (found < lowest) {
          break;
        }
        fraction *= 0.5;
      }
      if (!(found < lowest)) {
        break;
      }
      double gain = lowest - found;
      step += fraction * (towards - step);
      shift += fraction * (towardsShift - shift);
      here = there;
      lowest = found;
      if (gain <= 1e-2 * (value - lowest) && accepts(step, lowest)) {
        break;
      }
    }
    return step > 0 && accepts(step, lowest)
        ? Optional.of(new RaySearch.Found(new RaySearch.Point(step, shift), probes))
        : Optional.empty();
  }

  private double lasso(double step) {
    double sum = 0;
    for (int j = 0; j < penalty.features(); j++) {
      sum += penalty.l1(j) * Math.abs(origin[j] + step * direction[j]);
    }
    return sum;
  }

  /** The best shift for a step, by the parabola around a probe. */
  private static double shift(double probed, double shift, Slopes slopes, double step) {
    return slopes.betaBeta() > 0
        ? shift - (slopes.beta() + slopes.alphaBeta() * (step - probed)) / slopes.betaBeta()
        : shift;
  }

  /** ∂/∂α and ∂²/∂α² at a probe after the intercept is eliminated. */
  private static double[] reduced(Slopes s) {
    return s.betaBeta() > 0
        ? new double[] {
          s.alpha() - s.alphaBeta() * s.beta() / s.betaBeta(),
          Math.max(s.alphaAlpha() - s.alphaBeta() * s.alphaBeta() / s.betaBeta(), 0)
        }
        : new double[] {s.alpha(), s.alphaAlpha()};
  }

  /** The model at a step, up to a constant. */
  private double modelled(double probed, Slopes slopes, double step) {
    double[] r = reduced(slopes);
    return (r[0] + 0.5 * r[1] * (step - probed)) * (step - probed) + lasso(step);
  }

  /** argmin over [from, until] of the parabola around a probe plus Σ l1_j |w_j + α p_j|. */
  private double least(double probed, Slopes slopes, double from, double until) {
    double[] r = reduced(slopes);
    double kinked = firstSlope;
    double at = from;
    for (Kink kink : kinks) {
      if (kink.step() > from) {
        double end = Math.min(kink.step(), until);
        if (r[0] + r[1] * (end - probed) + kinked >= 0) {
          return within(at, end, probed - (r[0] + kinked) / r[1]);
        }
        if (end == until) {
          return until;
        }
        if (r[0] + r[1] * (end - probed) + kinked + kink.growth() >= 0) {
          return end;
        }
        at = end;
      }
      kinked += kink.growth();
    }
    return r[0] + r[1] * (until - probed) + kinked >= 0
        ? within(at, until, probed - (r[0] + kinked) / r[1])
        : until;
  }

  /** A point of an interval; its beginning for a parabola that is flat. */
  private static double within(double from, double until, double point) {
    return Double.isFinite(point) ? Math.min(Math.max(point, from), until) : from;
  }
}
