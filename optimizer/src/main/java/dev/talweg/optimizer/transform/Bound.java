package dev.talweg.optimizer.transform;

/** Which mean square, or root, divides: the last one, or AMSGrad's (Reddi, Kale and Kumar 2018). */
public enum Bound {
  CURRENT,
  /** The largest so far, entry by entry. */
  LARGEST;

  /** Where the largest are kept: no memory where they do not divide. */
  double[] memory(int dimension) {
    return new double[this == LARGEST ? dimension : 0];
  }

  /** The one that divides entry j, of the last one and those before. */
  double of(double square, double[] largest, int j) {
    if (this == LARGEST) {
      largest[j] = Math.max(largest[j], square);
      return largest[j];
    }
    return square;
  }
}
