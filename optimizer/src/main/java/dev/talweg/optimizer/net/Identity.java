package dev.talweg.optimizer.net;

/** f(z) = z: layers that only multiply, such as a narrow one for factors of a matrix. */
public record Identity() implements Activation {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "identity";
  }

  @Override
  public void apply(double[] z, double[] y, int count) {
    System.arraycopy(z, 0, y, 0, count);
  }

  @Override
  public void differentiate(double[] z, double[] y, double[] slopes, int count) {}
}
