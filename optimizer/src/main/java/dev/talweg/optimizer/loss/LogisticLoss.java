package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.kernel.Exponentials.expNonPositive;
import static dev.talweg.optimizer.kernel.Exponentials.log1pUnit;

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
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double z = margins[i];
      double loss = Math.max(z, 0) - labels[i] * z + log1pUnit(expNonPositive(-Math.abs(z)));
      sum += weights == null ? loss : weights[i] * loss;
    }
    return sum;
  }

  @Override
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double z = margins[i];
      double y = labels[i];
      double weight = weights == null ? 1 : weights[i];
      double e = expNonPositive(-Math.abs(z));
      sum += weight * (Math.max(z, 0) - y * z + log1pUnit(e));
      margins[i] = weight * ((z >= 0 ? 1 : e) / (1 + e) - y);
    }
    return sum;
  }

  @Override
  public void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double e = expNonPositive(-Math.abs(margins[i]));
      double curvature = e / ((1 + e) * (1 + e));
      margins[i] = weights == null ? curvature : weights[i] * curvature;
    }
  }

  @Override
  public double differentiateTwice(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int rows,
      double[] curvatures) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double z = margins[i];
      double y = labels[i];
      double weight = weights == null ? 1 : weights[i];
      double e = expNonPositive(-Math.abs(z));
      sum += weight * (Math.max(z, 0) - y * z + log1pUnit(e));
      margins[i] = weight * ((z >= 0 ? 1 : e) / (1 + e) - y);
      double curvature = e / ((1 + e) * (1 + e));
      curvatures[i] = weights == null ? curvature : weight * curvature;
    }
    return sum;
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
