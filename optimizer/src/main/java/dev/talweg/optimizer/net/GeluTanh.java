package dev.talweg.optimizer.net;

/**
 * f(z) = ½ z (1 + t) with t = tanh(√(2/π) (z + 0.044715 z³)): what libraries call approximate, f′ =
 * ½ (1 + t) + ½ z (1 − t²) √(2/π) (1 + 3 · 0.044715 z²). Hendrycks and Gimpel, arXiv:1606.08415
 * (2016).
 */
public record GeluTanh() implements Activation {
  private static final long serialVersionUID = 1L;
  private static final double ROOT = 0.7978845608028654; // √(2/π)
  private static final double CUBE = 0.044715;

  @Override
  public String name() {
    return "gelu-tanh";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = 0.5 * z[i] * (1 + tanh(z[i]));
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      double t = tanh(z[i]);
      double inner = ROOT * (1 + 3 * CUBE * z[i] * z[i]);
      slopes[i] *= 0.5 * (1 + t) + 0.5 * z[i] * (1 - t * t) * inner;
    }
  }

  private static double tanh(double z) {
    return Tanh.of(ROOT * (z + CUBE * z * z * z));
  }
}
