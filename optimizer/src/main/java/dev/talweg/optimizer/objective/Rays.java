package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.kernel.Strips;

/** The point of a ray, computed in one place so that everyone gets the same bits. */
public final class Rays {
  private Rays() {}

  /**
   * {@code origin + step · direction}, with {@code shift} added to the last entry, the intercept.
   */
  public static double[] point(double[] origin, double[] direction, double step, double shift) {
    double[] point = new double[origin.length];
    Strips.each(
        point.length,
        (from, until) -> {
          for (int j = from; j < until; j++) {
            point[j] = origin[j] + step * direction[j];
          }
        });
    point[point.length - 1] += shift;
    return point;
  }
}
