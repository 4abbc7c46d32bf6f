package dev.talweg.optimizer.schedule;

import java.util.Collections;
import java.util.List;

/**
 * Values at knots and a curve between two of them; the first value before the first knot, the last
 * after the last. One-cycle, trapezoid (warm-up, stable, decay) and optax' {@code
 * piecewise_interpolate_schedule} are such schedules.
 *
 * @param knots steps, growing; they need not be whole
 * @param values one a knot
 */
public record Interpolated(List<Double> knots, List<Double> values, Curve curve)
    implements Schedule {
  private static final long serialVersionUID = 1L;

  /** How it goes from a value a to b at the share s of the way. */
  public enum Curve {
    /** a + s (b − a). */
    LINEAR,
    /** b + (a − b)(1 + cos π s)/2. */
    COSINE;

    double between(double a, double b, double share) {
      return this == LINEAR
          ? a + share * (b - a)
          : b + (a - b) * 0.5 * (1 + StrictMath.cos(Math.PI * share));
    }
  }

  public Interpolated {
    knots = List.copyOf(knots);
    values = List.copyOf(values);
    if (knots.isEmpty() || knots.size() != values.size()) {
      throw new IllegalArgumentException(
          "there is one value a knot, not " + values.size() + " for " + knots.size());
    }
    values.forEach(value -> Rates.check("each value", value));
    for (int k = 1; k < knots.size(); k++) {
      if (!(knots.get(k) > knots.get(k - 1))) {
        throw new IllegalArgumentException("knots must grow: " + knots);
      }
    }
  }

  @Override
  public double at(long step) {
    if (step <= knots.get(0)) {
      return values.get(0);
    }
    for (int k = 1; k < knots.size(); k++) {
      if (step <= knots.get(k)) {
        double share = (step - knots.get(k - 1)) / (knots.get(k) - knots.get(k - 1));
        return curve.between(values.get(k - 1), values.get(k), share);
      }
    }
    return values.get(values.size() - 1);
  }

  @Override
  public double most() {
    return Collections.max(values);
  }

  @Override
  public long horizon() {
    return (long) Math.ceil(knots.get(knots.size() - 1));
  }
}
