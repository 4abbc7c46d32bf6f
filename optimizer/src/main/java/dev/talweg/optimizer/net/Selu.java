package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Exponentials;

/**
 * f(z) = λ z above 0, else λ α (eᶻ − 1), with the constants that keep means at 0 and variances at
 * 1; Klambauer, Unterthiner, Mayr and Hochreiter, NeurIPS (2017).
 */
public record Selu() implements Activation {
  private static final long serialVersionUID = 1L;
  private static final double ALPHA = 1.6732632423543772;
  private static final double LAMBDA = 1.0507009873554805;

  @Override
  public String name() {
    return "selu";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      double below = ALPHA * (Exponentials.expNonPositive(Math.min(z[i], 0)) - 1);
      y[i] = LAMBDA * (z[i] > 0 ? z[i] : below);
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      slopes[i] *= z[i] > 0 ? LAMBDA : y[i] + LAMBDA * ALPHA;
    }
  }
}
