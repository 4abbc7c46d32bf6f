package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Exponentials;

/** f(z) = 1/(1 + e^(−z)); f′ = f (1 − f). */
public record Sigmoid() implements Activation {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "sigmoid";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = Exponentials.sigmoid(z[i]);
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      slopes[i] *= y[i] * (1 - y[i]);
    }
  }
}
