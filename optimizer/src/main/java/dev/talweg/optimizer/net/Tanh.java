package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Exponentials;

/** f(z) = tanh z = (1 − e^(−2|z|))/(1 + e^(−2|z|)) with the sign of z; f′ = 1 − f². */
public record Tanh() implements Activation {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "tanh";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = of(z[i]);
    }
  }

  static double of(double z) {
    double e = Exponentials.expNonPositive(-2 * Math.abs(z));
    return Math.copySign((1 - e) / (1 + e), z);
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      slopes[i] *= 1 - y[i] * y[i];
    }
  }
}
