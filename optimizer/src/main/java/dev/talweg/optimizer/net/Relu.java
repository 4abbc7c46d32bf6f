package dev.talweg.optimizer.net;

/** f(z) = max(0, z), with f′(0) = 0 as in PyTorch and TensorFlow; Nair and Hinton, ICML (2010). */
public record Relu() implements Activation {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "relu";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    for (int i = 0; i < count; i++) {
      double x = z[i];
      y[i] = x < 0 ? 0 : x; // NaN goes on to where it is seen
    }
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {
    for (int i = 0; i < count; i++) {
      double slope = slopes[i];
      slopes[i] = z[i] > 0 ? slope : 0;
    }
  }
}
