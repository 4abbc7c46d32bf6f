package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Kernels;
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
    double[] weights = new double[outputs];
    double[] sums = new double[outputs];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(parameters, biases, sums, 0, outputs);
      for (int j = 0; j < inputs; j++) {
        double multiplier = in[i * inputs + j];
        if (multiplier != 0) { // after a rectifier half of them are
          System.arraycopy(parameters, at + j * outputs, weights, 0, outputs);
          Kernels.add(multiplier, weights, sums);
        }
      }
      System.arraycopy(sums, 0, out, i * outputs, outputs);
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
    double[][] transposed = new double[outputs][inputs];
    for (int j = 0; j < inputs; j++) {
      for (int k = 0; k < outputs; k++) {
        transposed[k][j] = parameters[at + j * outputs + k];
      }
    }
    double[] own = new double[outputs];
    double[] row = new double[outputs];
    double[] sums = new double[inputs];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(slopes, i * outputs, own, 0, outputs);
      for (int k = 0; k < outputs; k++) {
        gradient[biases + k] += own[k];
      }
      for (int j = 0; j < inputs; j++) {
        double multiplier = in[i * inputs + j];
        if (multiplier != 0) {
          System.arraycopy(gradient, at + j * outputs, row, 0, outputs);
          Kernels.add(multiplier, own, row);
          System.arraycopy(row, 0, gradient, at + j * outputs, outputs);
        }
      }
      Arrays.fill(sums, 0);
      for (int k = 0; k < outputs; k++) {
        if (own[k] != 0) {
          Kernels.add(own[k], transposed[k], sums);
        }
      }
      System.arraycopy(sums, 0, before, i * inputs, inputs);
    }
  }
}
