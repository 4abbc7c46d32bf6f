package dev.talweg.optimizer.transform;

/**
 * Where ε stands in a quotient by a bias-corrected root mean square √v̂, v̂ = v/c: the three forms
 * under one name that make a setting of ε not portable.
 */
public enum Epsilon {
  /** √v̂ + ε: PyTorch's and optax' Adam. */
  CORRECTED,
  /**
   * (√v + ε)/√c: Kingma and Ba's "ε̂", in Keras, TensorFlow and scikit-learn, and in PyTorch's
   * RAdam. At step t it acts as ε/√(1 − β₂ᵗ), 32 times larger at the first.
   */
  HAT,
  /** √(v̂ + ε): Keras' and optax' RMSprop and Adagrad, optax' {@code eps_root}. */
  INSIDE,
  /** √v + ε with v never corrected. */
  UNCORRECTED;

  /** The quotient's denominator, of v and its correction c. */
  double denominator(double square, double correction, double epsilon) {
    return switch (this) {
      case CORRECTED -> Math.sqrt(square) / Math.sqrt(correction) + epsilon;
      case HAT -> (Math.sqrt(square) + epsilon) / Math.sqrt(correction);
      case INSIDE -> Math.sqrt(square / correction + epsilon);
      case UNCORRECTED -> Math.sqrt(square) + epsilon;
    };
  }
}
