package dev.talweg.optimizer.linesearch;

/**
 * A point of a line, evaluated.
 *
 * @param step from the start, as a multiple of the direction
 * @param slope of the value by the step
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Trial(
    double step, double value, double slope, double[] parameters, double[] gradient) {
  boolean isFinite() {
    return Double.isFinite(value) && Double.isFinite(slope);
  }

  /** Half of the way there. */
  static double between(double from, double to) {
    return from + (to - from) / 2;
  }
}
