package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Exponentials;

/** f(z) = log σ(z), below 0 everywhere; f′ = σ(−z). PyTorch's and Keras' log sigmoid. */
public record LogSigmoid() implements Activation {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "log-sigmoid";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      y[i] = -Exponentials.softplus(-z[i]);
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      slopes[i] *= Exponentials.sigmoid(-z[i]);
    }
  }
}
