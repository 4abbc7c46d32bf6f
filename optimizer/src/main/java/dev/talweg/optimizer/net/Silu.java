package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Exponentials;

/** f(z) = z σ(z), also called swish; f′ = σ + f (1 − σ). Elfwing, Uchibe and Doya (2018). */
public record Silu() implements Activation {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "silu";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = z[i] * Exponentials.sigmoid(z[i]);
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      double sigmoid = Exponentials.sigmoid(z[i]);
      slopes[i] *= sigmoid + y[i] * (1 - sigmoid);
    }
  }
}
