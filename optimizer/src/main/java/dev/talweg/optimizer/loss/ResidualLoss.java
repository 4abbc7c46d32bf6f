package dev.talweg.optimizer.loss;

/** A loss of numbers that depends on the residual r = z − y alone. */
interface ResidualLoss extends RowLoss {

  /** ℓ as a function of r. */
  double at(double residual);

  /** dℓ/dr. */
  double slope(double residual);

  /** d²ℓ/dr². */
  double curvature(double residual);

  /** The conjugate for y = 0; a label y adds θy. */
  double conjugate(double multiplier);

  @Override
  default double at(double margin, double label) {
    return at(margin - label);
  }

  @Override
  default double slope(double margin, double label) {
    return slope(margin - label);
  }

  @Override
  default double curvature(double margin, double label) {
    return curvature(margin - label);
  }

  @Override
  default double conjugate(double multiplier, double label) {
    return conjugate(multiplier) + multiplier * label;
  }

  /** The mean, which is of the size of what is best; the intercept is exact after a step. */
  @Override
  default double prior(double meanLabel) {
    return meanLabel;
  }

  @Override
  default double predict(double margin) {
    return margin;
  }

  @Override
  default boolean classifies() {
    return false;
  }
}
