package dev.talweg.optimizer.loss;

/**
 * ℓ*(θ, y) of a smooth loss whose conjugate has no closed form: the margin where the slope is θ is
 * found by a bracketed Newton's method. What is left of the residual r cannot make the supremum
 * larger by more than about r²/2ℓ'', and r²/ℓ'' is added, so that a dual stays a lower bound.
 */
final class NumericConjugate {
  private static final int MOST_STEPS = 200;

  private NumericConjugate() {}

  /**
   * At a θ that is a slope.
   *
   * @param low a margin whose slope is θ or little above; how far it is moved down else is doubled
   * @param high a margin whose slope is θ or little below
   */
  static double of(PointwiseLoss loss, double multiplier, double label, double low, double high) {
    double z = margin(loss, multiplier, label, low, high);
    double residual = multiplier - slope(loss, z, label);
    double value = loss.value(new double[] {z}, new double[] {label}, null, 1);
    double rest = residual == 0 ? 0 : residual * residual / curvature(loss, z, label);
    return multiplier * z - value + rest;
  }

  private static double margin(
      PointwiseLoss loss, double multiplier, double label, double atLeast, double atMost) {
    double low = atLeast;
    double high = atMost;
    // rounding moves the bounds, and so does a continuation
    for (double step = 0x1p-40; slope(loss, high, label) < multiplier; step *= 2) {
      high += step;
    }
    for (double step = 0x1p-40; slope(loss, low, label) > multiplier; step *= 2) {
      low -= step;
    }
    double z = multiplier > 0 ? high : low;
    double before = Double.POSITIVE_INFINITY;
    for (int k = 0; k < MOST_STEPS; k++) {
      double residual = slope(loss, z, label) - multiplier;
      if (residual > 0) {
        high = z;
      } else {
        low = z;
      }
      double next = z - residual / curvature(loss, z, label);
      if (Math.abs(residual) > 0.5 * before || !(next >= low && next <= high)) {
        next = low + 0.5 * (high - low);
      }
      if (residual == 0 || next == z) {
        break;
      }
      before = Math.abs(residual);
      z = next;
    }
    return z;
  }

  private static double slope(PointwiseLoss loss, double z, double label) {
    double[] slope = {z};
    loss.differentiate(slope, new double[] {label}, null, 1);
    return slope[0];
  }

  private static double curvature(PointwiseLoss loss, double z, double label) {
    double[] curvature = {z};
    loss.curve(curvature, new double[] {label}, null, 1);
    return curvature[0];
  }
}
