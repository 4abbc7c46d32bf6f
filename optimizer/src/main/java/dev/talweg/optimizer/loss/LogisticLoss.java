package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.kernel.Exponentials.expNonPositive;

import dev.talweg.optimizer.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * The negative log likelihood of a class y in {0, 1} whose log-odds are the margin: ℓ = log(1 + eᶻ)
 * − y z.
 *
 * <p>With e = exp(−|z|), which never overflows: ℓ = max(z, 0) − y z + log(1 + e), ∂ℓ/∂z = σ(z) − y
 * and ∂²ℓ/∂z² = e/(1 + e)². One exponential serves all three.
 */
public record LogisticLoss() implements PointwiseLoss {
  private static final long serialVersionUID = 1L;

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

  @Override
  public double prior(double meanLabel) {
    double p = Math.min(Math.max(meanLabel, 1e-12), 1 - 1e-12);
    return Math.log(p / (1 - p));
  }

  @Override
  public double predict(double margin) {
    double e = expNonPositive(-Math.abs(margin));
    return (margin >= 0 ? 1 : e) / (1 + e);
  }

  @Override
  public boolean classifies() {
    return true;
  }
}
