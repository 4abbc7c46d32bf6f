package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.kernel.Exponentials.expNonPositive;

import dev.talweg.optimizer.kernel.Exponentials;
import dev.talweg.optimizer.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * The negative log likelihood of a class y in {0, 1} whose log-odds are the margin: ℓ = log(1 + eᶻ)
 * − y z.
 *
 * <p>With e = exp(−|z|), which never overflows: ℓ = max(z, 0) − y z + log(1 + e), ∂ℓ/∂z = σ(z) − y
 * and ∂²ℓ/∂z² = e/(1 + e)². One exponential serves all three.
 */
public record LogisticLoss() implements DualLoss {
  private static final long serialVersionUID = 1L;
  private static final int MOST_STEPS = 60;

  @Override
  public String name() {
    return "logistic";
  }

  @Override
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    return Kernels.logisticValue(margins, labels, weights, rows);
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    return Kernels.logisticSlopes(margins, labels, weights, rows);
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    Kernels.logisticCurvatures(margins, weights, rows);
  }

  @Override
  public double differentiateTwice(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int rows,
      double[] curvatures) {
    return Kernels.logisticSlopesAndCurvatures(margins, labels, weights, rows, curvatures);
  }

  @Override
  public boolean canonical() {
    return true;
  }

  /** The negative entropy of p = θ + y, feasible for p in [0, 1]. */
  @Override
  public double conjugate(double multiplier, double label) {
    double p = multiplier + label;
    if (p < 0 || p > 1) {
      return Double.POSITIVE_INFINITY;
    }
    return xLogX(p) + xLogX(1 - p);
  }

  private static double xLogX(double x) {
    return x == 0 ? 0 : x * StrictMath.log(x);
  }

  /**
   * Newton's method for z + q (σ(z) − y) = c, whose left side rises in z with a slope of at least
   * 1, kept within the bracket that 0 ≤ σ ≤ 1 gives (in place of the logarithms of Yu, Huang and
   * Lin, Machine Learning 85 (2011), which lose their digits near 0 and 1).
   */
  @Override
  public double multiplier(double centre, double curvature, double label) {
    double low = centre - curvature * (1 - label);
    double high = centre + curvature * label;
    double z = Math.max(low, Math.min(0, high));
    for (int k = 0; k < MOST_STEPS; k++) {
      double e = expNonPositive(-Math.abs(z));
      double p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      double residual = z + curvature * (p - label) - centre;
      if (residual > 0) {
        high = z;
      } else {
        low = z;
      }
      double next = z - residual / (1 + curvature * (e / ((1 + e) * (1 + e))));
      next = next > low && next < high ? next : low + 0.5 * (high - low);
      if (Math.abs(next - z) <= 1e-12 * (1 + Math.abs(z))) {
        break;
      }
      z = next;
    }
    double e = expNonPositive(-Math.abs(z));
    if (label == 1 && z >= 0) {
      return -e / (1 + e); // without the digits that 1/(1 + e) − 1 loses
    }
    return (z >= 0 ? 1 / (1 + e) : e / (1 + e)) - label;
  }

  @Override
  public double prior(double meanLabel) {
    double p = Math.min(Math.max(meanLabel, 1e-12), 1 - 1e-12);
    return Math.log(p / (1 - p));
  }

  @Override
  public double predict(double margin) {
    return Exponentials.sigmoid(margin);
  }

  @Override
  public boolean classifies() {
    return true;
  }
}
