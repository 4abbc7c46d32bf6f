package dev.talweg.optimizer.loss;

/** A loss of two classes that depends on m = s z alone, with s = 2y − 1 in {−1, +1}. */
interface ClassLoss extends RowLoss {

  /** ℓ as a function of m. */
  double at(double m);

  /** dℓ/dm. */
  double slope(double m);

  /** d²ℓ/dm². */
  double curvature(double m);

  /** The conjugate at sθ. */
  double conjugate(double multiplier);

  @Override
  default double at(double margin, double label) {
    return at(sign(label) * margin);
  }

  @Override
  default double slope(double margin, double label) {
    return sign(label) * slope(sign(label) * margin);
  }

  @Override
  default double curvature(double margin, double label) {
    return curvature(sign(label) * margin);
  }

  @Override
  default double conjugate(double multiplier, double label) {
    return conjugate(sign(label) * multiplier);
  }

  @Override
  default boolean classifies() {
    return true;
  }

  /** s. */
  static double sign(double label) {
    return 2 * label - 1;
  }

  /** (1 + z)/2 within [0, 1]: the order of margins within ±1, with its threshold at 0.5. */
  static double cut(double margin) {
    return Math.min(Math.max(0.5 * (1 + margin), 0), 1);
  }

  /** A share of labels that has a finite margin. */
  static double inside(double meanLabel) {
    return Math.min(Math.max(meanLabel, 1e-12), 1 - 1e-12);
  }
}
