package dev.talweg.optimizer.loss;

import dev.talweg.optimizer.kernel.Exponentials;

/**
 * eˣ as the losses with a logarithmic link use it, E(x): eˣ up to x = 100, and its Taylor
 * polynomial of degree two at 100 beyond.
 *
 * <p>E is convex and twice continuously differentiable, and neither it nor its derivatives overflow
 * where a line search may try a step: e¹⁰⁰ = 2.7e43 is far outside of any sane rate, and squares of
 * E'(800) still fit into a double. A minimum below x = 100 on every row is the minimum of the
 * likelihood itself.
 *
 * <p>One exponential serves all three: with e = {@link #exponential} and t = {@link #beyond}, E = e
 * (1 + t + t²/2), E' = e (1 + t) and E'' = e.
 */
final class LogLink {
  /** Where the continuation begins. */
  static final double LIMIT = 100;

  private static final double LEAST_MEAN = 1e-12;

  private LogLink() {}

  /** E''(x), which is e of the others. */
  static double exponential(double x) {
    return Exponentials.exp(Math.min(x, LIMIT));
  }

  /** How far x is in the continuation, t ≥ 0; cut at 1e100, so that no margin makes E infinite. */
  static double beyond(double x) {
    return Math.min(Math.max(x - LIMIT, 0), 1e100);
  }

  /** E(x) of e and t. */
  static double value(double e, double t) {
    return e * (1 + t * (1 + 0.5 * t));
  }

  /** E'(x) of e and t. */
  static double slope(double e, double t) {
    return e * (1 + t);
  }

  /**
   * The conjugate sup_x px − E(x) = p log p − p: +∞ for p below 0; beyond p = e¹⁰⁰ that of the
   * continuation.
   */
  static double conjugate(double p) {
    if (!(p > 0)) {
      return p == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double steepest = exponential(LIMIT);
    double over = p / steepest - 1;
    return over <= 0 ? p * StrictMath.log(p) - p : p * LIMIT + steepest * (0.5 * over * over - 1);
  }

  /** log of a mean; of 0, which no finite margin predicts, of something small. */
  static double prior(double mean) {
    return StrictMath.log(Math.max(mean, LEAST_MEAN));
  }
}
