package dev.talweg.optimizer.net;

import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.transform.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * out = in · W + b, with W of inputs × outputs by rows (PyTorch's weight is its transpose), then b.
 * All three products add multiples of a row to a row, so that no loop has a sum in one number that
 * lanes would have to cut.
 */
public record Dense(int inputs, int outputs) implements Layer {
  private static final long serialVersionUID = 1L;

  @Override
  public List<Slice> slices(String name, int at) {
    int weights = inputs * outputs;
    return List.of(
        new Slice(name + ".weights", at, weights, true),
        new Slice(name + ".biases", at + weights, outputs, false));
  }

  @Override
  public List<Tensor> tensors(String name, int at) {
    return List.of(
        new Tensor(name + ".weights", at, inputs, outputs),
        new Tensor(name + ".biases", at + inputs * outputs, 1, outputs));
  }

  @Override
  public void initialize(double[] parameters, int at, Initializer initializer, long seed) {
    initializer.fill(parameters, at, inputs, outputs, seed);
  }

  @Override
  public void forward(
      double[] parameters, int at, double[] in, int rows, @Nullable Draw draw, double[] out) {
    int biases = at + inputs * outputs;
    for (int i = 0; i < rows; i++) {
      System.arraycopy(parameters, biases, out, i * outputs, outputs);
      for (int j = 0; j < inputs; j++) {
        add(in[i * inputs + j], parameters, at + j * outputs, out, i * outputs, outputs);
      }
    }
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
    int biases = at + inputs * outputs;
    double[] transposed = new double[inputs * outputs];
    for (int j = 0; j < inputs; j++) {
      for (int k = 0; k < outputs; k++) {
        transposed[k * inputs + j] = parameters[at + j * outputs + k];
      }
    }
    for (int i = 0; i < rows; i++) {
      add(1, slopes, i * outputs, gradient, biases, outputs);
      for (int j = 0; j < inputs; j++) {
        add(in[i * inputs + j], slopes, i * outputs, gradient, at + j * outputs, outputs);
      }
      Arrays.fill(before, i * inputs, (i + 1) * inputs, 0);
      for (int k = 0; k < outputs; k++) {
        add(slopes[i * outputs + k], transposed, k * inputs, before, i * inputs, inputs);
      }
    }
  }

  /** {@code to += multiplier · from}, nothing where it is 0: after a rectifier half of them are. */
  private static void add(
      double multiplier, double[] from, int first, double[] to, int at, int count) {
    if (multiplier == 0) {
      return;
    }
    for (int k = 0; k < count; k++) {
      to[at + k] += multiplier * from[first + k];
    }
  }
}
