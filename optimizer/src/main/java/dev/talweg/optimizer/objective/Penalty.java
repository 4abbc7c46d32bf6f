package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.kernel.Strips;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Σ h_j(w_j) with h_j(w) = l1_j |w| + ½ l2_j w² on [lower_j, upper_j], and ∞ outside: ridge, lasso,
 * elastic net and box bounds in one. The intercept has none.
 *
 * <p>It is separable, so all that minimizers and certificates need is known one coordinate at a
 * time: the value, the minimizer of a parabola plus h_j (the proximal step), the distance to
 * stationarity, and the conjugate h_j*(v) = sup_w v w − h_j(w), which is ½ (|v| − l1)₊²/l2 where
 * there are no bounds (Zou and Hastie, JRSS B 2005; conjugate: Dünner et al., ICML 2016).
 *
 * <p>The ridge is smooth and belongs to the objective's value and gradient; the rest, l1 and
 * bounds, is what a proximal step is for. So methods that take a slope want the slope of the mean
 * loss <em>and</em> the ridge.
 *
 * @param l2 d numbers, none negative
 * @param l1 d numbers, none negative; empty for none
 * @param lower d numbers below infinity; empty for none
 * @param upper d numbers, none below its {@code lower}; empty for none
 */
public record Penalty(double[] l2, double[] l1, double[] lower, double[] upper) {
  /** A slope may exceed l1 by this, relatively, before a conjugate is called infinite: rounding. */
  private static final double ROUNDING = 1e-12;

  public Penalty {
    for (double[] each : new double[][] {l1, lower, upper}) {
      if (each.length != 0 && each.length != l2.length) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "lengths differ: %d != %d", each.length, l2.length));
      }
    }
    l1 = Arrays.stream(l1).allMatch(x -> x == 0) ? new double[0] : l1.clone();
    l2 = l2.clone();
    lower = lower.clone();
    upper = upper.clone();
    for (int j = 0; j < l2.length; j++) {
      if (!(l2[j] >= 0) || (l1.length > 0 && !(l1[j] >= 0))) {
        throw new IllegalArgumentException("a penalty of feature " + j + " is negative");
      }
      double least = at(lower, j, Double.NEGATIVE_INFINITY);
      double most = at(upper, j, Double.POSITIVE_INFINITY);
      if (!(least <= most)
          || least == Double.POSITIVE_INFINITY
          || most == Double.NEGATIVE_INFINITY) {
        throw new IllegalArgumentException(
            "feature " + j + " must be within " + least + " and " + most + ", which holds nothing");
      }
    }
  }

  /** ½ Σ l2_j w_j² and nothing else. */
  public static Penalty ridge(double[] l2) {
    return new Penalty(l2, new double[0], new double[0], new double[0]);
  }

  /** That of d · K weights, where each feature has K of them side by side. */
  Penalty ofMargins(int margins) {
    return new Penalty(
        repeated(l2, margins),
        repeated(l1, margins),
        repeated(lower, margins),
        repeated(upper, margins));
  }

  private static double[] repeated(double[] values, int times) {
    double[] repeated = new double[values.length * times];
    Arrays.setAll(repeated, at -> values[at / times]);
    return repeated;
  }

  /** Number of features d. */
  public int features() {
    return l2.length;
  }

  /** Whether it is a ridge alone. */
  public boolean smooth() {
    return l1.length == 0 && !bounded();
  }

  /** Whether some weight has bounds. */
  public boolean bounded() {
    return lower.length > 0 || upper.length > 0;
  }

  /** l1 of feature j. */
  public double l1(int j) {
    return at(l1, j, 0);
  }

  /** The lower bound of feature j. */
  public double lower(int j) {
    return at(lower, j, Double.NEGATIVE_INFINITY);
  }

  /** The upper bound of feature j. */
  public double upper(int j) {
    return at(upper, j, Double.POSITIVE_INFINITY);
  }

  private static double at(double[] values, int j, double none) {
    return values.length == 0 ? none : values[j];
  }

  /** Σ h_j(w_j) within the bounds; more parameters than features are ignored. */
  public double value(double[] parameters) {
    return quadratic(parameters) + lasso(parameters);
  }

  /** Σ ½ l2_j w_j². */
  double quadratic(double[] parameters) {
    return Strips.sum(
        l2.length,
        (before, from, until) -> {
          double sum = before;
          for (int j = from; j < until; j++) {
            sum += 0.5 * l2[j] * parameters[j] * parameters[j];
          }
          return sum;
        });
  }

  /** Σ l1_j |w_j|: what is not smooth within the bounds. */
  public double lasso(double[] parameters) {
    return Strips.sum(
        l1.length,
        (before, from, until) -> {
          double sum = before;
          for (int j = from; j < until; j++) {
            sum += l1[j] * Math.abs(parameters[j]);
          }
          return sum;
        });
  }

  /** Moves what is outside its bounds to the nearest bound, in place. */
  public void clamp(double[] parameters) {
    if (bounded()) {
      for (int j = 0; j < l2.length; j++) {
        parameters[j] = clamped(j, parameters[j]);
      }
    }
  }

  /** The nearest value within the bounds of feature j. */
  public double clamped(int j, double w) {
    return Math.min(Math.max(w, lower(j)), upper(j));
  }

  /** argmin_u slope (u − w) + ½ curvature (u − w)² + l1_j |u| within the bounds of feature j. */
  public double proximal(int j, double w, double slope, double curvature) {
    double centre = w - slope / curvature;
    return clamped(j, soft(centre, l1(j) / curvature));
  }

  private static double soft(double v, double threshold) {
    return v > threshold ? v - threshold : v < -threshold ? v + threshold : 0;
  }

  /**
   * The subgradient of least magnitude of slope · u + l1_j |u| within bounds, at u = w: 0 exactly
   * where w satisfies the conditions of Karush, Kuhn and Tucker.
   */
  public double residual(int j, double w, double slope) {
    double kink = l1(j);
    if (w <= lower(j) && w >= upper(j)) {
      return 0;
    }
    if (w <= lower(j)) {
      return Math.min(slope + (w >= 0 ? kink : -kink), 0);
    }
    if (w >= upper(j)) {
      return Math.max(slope + (w > 0 ? kink : -kink), 0);
    }
    return w > 0 ? slope + kink : w < 0 ? slope - kink : soft(slope, kink);
  }

  /** h_j*(v). */
  public double conjugate(int j, double v) {
    double kink = l1(j);
    double w;
    if (l2[j] > 0) {
      w = clamped(j, soft(v, kink) / l2[j]);
    } else {
      double slack = kink * (1 + ROUNDING);
      w = v > slack ? upper(j) : v < -slack ? lower(j) : clamped(j, 0);
      if (Double.isInfinite(w)) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return v * w - kink * Math.abs(w) - 0.5 * l2[j] * w * w;
  }

  /** The largest s in [0, 1] for which h_j*(s v) is finite for every v in [low, high]. */
  double feasibleScale(int j, double low, double high) {
    return l2[j] > 0 ? 1 : lassoScale(j, low, high);
  }

  /** The same as if there were no ridge beside an l1. */
  double lassoScale(int j, double low, double high) {
    if (l2[j] > 0 && l1(j) == 0) {
      return 1;
    }
    double scale = 1;
    if (high > l1(j) && upper(j) == Double.POSITIVE_INFINITY) {
      scale = l1(j) / high;
    }
    if (-low > l1(j) && lower(j) == Double.NEGATIVE_INFINITY) {
      scale = Math.min(scale, l1(j) / -low);
    }
    return scale;
  }

  /** Whether h_j* gives a bound that closes at the optimum. */
  boolean certifies(int j) {
    boolean boxed = lower(j) > Double.NEGATIVE_INFINITY && upper(j) < Double.POSITIVE_INFINITY;
    return l2[j] > 0 || l1(j) > 0 || boxed;
  }

  /** The same for every feature. */
  public boolean certifies() {
    return IntStream.range(0, l2.length).allMatch(this::certifies);
  }
}
