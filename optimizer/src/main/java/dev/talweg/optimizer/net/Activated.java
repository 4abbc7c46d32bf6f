package dev.talweg.optimizer.net;

/** An activation of every unit. */
public record Activated(int inputs, Activation activation) implements Layer {
  private static final long serialVersionUID = 1L;

  @Override
  public void forward(Pass pass) {
    activation.apply(pass.in(), pass.out(), pass.rows() * inputs);
  }

  @Override
  public void backward(Pass pass, double[] slopes, double[] gradient, double[] before) {
    int units = pass.rows() * inputs;
    System.arraycopy(slopes, 0, before, 0, units);
    activation.differentiate(pass.in(), pass.out(), before, units);
  }
}
