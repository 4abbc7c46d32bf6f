package dev.talweg.optimizer.net;

import dev.talweg.optimizer.kernel.Kernels;
import dev.talweg.optimizer.transform.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * out = in · W + b, with W of inputs × outputs by rows (PyTorch's weight is its transpose), then b.
 * All three products run along rows, so that no loop has a sum in one number that lanes would have
 * to cut.
 */
public record Dense(int inputs, int outputs) implements Layer {
  private static final long serialVersionUID = 1L;

  @Override
  public List<Tensor> tensors(String name, int at) {
    return List.of(
        new Tensor(name + ".weights", at, inputs, outputs),
        new Tensor(name + ".biases", at + inputs * outputs, 1, outputs, false));
  }

  @Override
  public void initialize(double[] parameters, int at, Initializer initializer, long seed) {
    initializer.fill(parameters, at, inputs, outputs, seed);
    initializer.fillBiases(parameters, at + inputs * outputs, inputs, outputs, seed);
  }

  @Override
  public void forward(Pass pass) {
    double[] parameters = pass.parameters();
    double[] out = pass.out();
    int rows = pass.rows();
    int biases = pass.at() + inputs * outputs;
    for (int i = 0; i < rows; i++) {
      System.arraycopy(parameters, biases, out, i * outputs, outputs);
    }
    Kernels.addProduct(
        pass.in(), 0, inputs, 1, parameters, pass.at(), out, 0, rows, inputs, outputs);
  }

  @Override
  public void backward(Pass pass, double[] slopes, double[] gradient, double[] before) {
    double[] parameters = pass.parameters();
    int at = pass.at();
    int rows = pass.rows();
    int biases = at + inputs * outputs;
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < outputs; k++) {
        gradient[biases + k] += slopes[i * outputs + k];
      }
    }
    Kernels.addProduct(pass.in(), 0, 1, inputs, slopes, 0, gradient, at, inputs, rows, outputs);
    back(parameters, at, slopes, rows, before);
  }

  /** Writes slopes · Wᵀ, for weights that begin at a place. */
  void back(double[] parameters, int at, double[] slopes, int rows, double[] before) {
    double[] transposed = new double[outputs * inputs];
    for (int j = 0; j < inputs; j++) {
      for (int k = 0; k < outputs; k++) {
        transposed[k * inputs + j] = parameters[at + j * outputs + k];
      }
    }
    Arrays.fill(before, 0, rows * inputs, 0);
    Kernels.addProduct(slopes, 0, outputs, 1, transposed, 0, before, 0, rows, outputs, inputs);
  }
}
