package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Normal;

/**
 * f(z) = z Φ(z) with the normal distribution Φ itself, as PyTorch's and Keras' default, not its
 * approximation by tanh; f′ = Φ(z) + z φ(z). Hendrycks and Gimpel, arXiv:1606.08415 (2016).
 */
public record Gelu() implements Activation {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "gelu";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = z[i] * Normal.below(z[i]);
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      slopes[i] *= Normal.below(z[i]) + z[i] * Normal.density(z[i]);
    }
  }
}
