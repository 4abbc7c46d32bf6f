package dev.talweg.optimizer.metric;

/** The unit deviance of the family with variance μ^p (Jørgensen, JRSS B 49 (1987)). */
final class TweedieDeviance {
  private TweedieDeviance() {}

  /** NaN or infinite where the family has no such label or mean. */
  static double of(double y, double mean, double power) {
    if (power == 0) {
      return (y - mean) * (y - mean);
    } else if (power == 1) {
      return 2 * ((y == 0 ? 0 : y * StrictMath.log(y / mean)) - y + mean);
    } else if (power == 2) {
      return 2 * (StrictMath.log(mean / y) + y / mean - 1);
    }
    double first = 1 - power;
    double second = 2 - power;
    // below 0 any label may be: the least mean, 0, is as near as one can be to it
    double ofLabel = StrictMath.pow(power < 0 ? Math.max(y, 0) : y, second);
    double ofMean = StrictMath.pow(mean, first);
    return 2 * (ofLabel / (first * second) - y * ofMean / first + ofMean * mean / second);
  }
}
