package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Exponentials;

/** f(z) = log(1 + eᶻ), a smooth relu; f′ = σ(z). Dugas et al., NIPS (2000). */
public record Softplus() implements Activation {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "softplus";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = Exponentials.softplus(z[i]);
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      slopes[i] *= Exponentials.sigmoid(z[i]);
    }
  }
}
