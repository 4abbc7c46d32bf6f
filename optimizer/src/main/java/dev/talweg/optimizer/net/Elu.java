package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Exponentials;

/** f(z) = z above 0, else eᶻ − 1; Clevert, Unterthiner and Hochreiter, ICLR (2016). */
public record Elu() implements Activation {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "elu";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      double below = Exponentials.expNonPositive(Math.min(z[i], 0)) - 1;
      y[i] = z[i] > 0 ? z[i] : below;
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      slopes[i] *= z[i] > 0 ? 1 : y[i] + 1;
    }
  }
}
