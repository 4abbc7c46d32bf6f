package dev.talweg.optimizer.net;

import dev.talweg.optimizer.model.Draw;
import org.jspecify.annotations.Nullable;

/** An activation of every unit. */
public record Activated(int inputs, Activation activation) implements Layer {
  private static final long serialVersionUID = 1L;

  @Override
  public void forward(
      double[] parameters, int at, double[] in, int rows, @Nullable Draw draw, double[] out) {
    activation.apply(in, out, rows * inputs);
  }

  @Override
  public void backward(
      double[] parameters,
      int at,
      double[] in,
      double[] out,
      double[] slopes,
      int rows,
      @Nullable Draw draw,
      double[] gradient,
      double[] before) {
    System.arraycopy(slopes, 0, before, 0, rows * inputs);
    activation.differentiate(in, out, before, rows * inputs);
  }
}
