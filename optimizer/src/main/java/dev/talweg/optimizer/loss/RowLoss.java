package dev.talweg.optimizer.loss;

import org.jspecify.annotations.Nullable;

/**
 * A loss that is written for one row: the loops over a block are here. A run has one loss, so the
 * three calls are inlined into them.
 */
interface RowLoss extends PointwiseLoss {

  /** ℓ(z, y). */
  double at(double margin, double label);

  /** ∂ℓ/∂z. */
  double slope(double margin, double label);

  /** ∂²ℓ/∂z², generalized where the slope has kinks. */
  double curvature(double margin, double label);

  @Override
  default double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double loss = at(margins[i], labels[i]);
      sum += weights == null ? loss : weights[i] * loss;
    }
    return sum;
  }

  @Override
  default double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      double z = margins[i];
      double weight = weights == null ? 1 : weights[i];
      sum += weight * at(z, labels[i]);
      margins[i] = weight * slope(z, labels[i]);
    }
    return sum;
  }

  @Override
  default void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double curvature = curvature(margins[i], labels[i]);
      margins[i] = weights == null ? curvature : weights[i] * curvature;
    }
  }
}
