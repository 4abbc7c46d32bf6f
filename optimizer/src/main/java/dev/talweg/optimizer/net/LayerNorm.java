package dev.talweg.optimizer.net;

import dev.talweg.optimizer.transform.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * out = γ (in − μ)/√(σ² + ε) + β with mean and population variance over the units of each row; Ba,
 * Kiros and Hinton, arXiv:1607.06450 (2016).
 *
 * @param epsilon ε: PyTorch has 1e-5, Keras 1e-3
 */
public record LayerNorm(int inputs, double epsilon) implements Layer {
  private static final long serialVersionUID = 1L;

  @Override
  public List<Tensor> tensors(String name, int at) {
    return List.of(
        new Tensor(name + ".scales", at, 1, inputs, false),
        new Tensor(name + ".shifts", at + inputs, 1, inputs, false));
  }

  @Override
  public void initialize(double[] parameters, int at, Initializer initializer, long seed) {
    Arrays.fill(parameters, at, at + inputs, 1);
  }

  @Override
  public void forward(Pass pass) {
    double[] parameters = pass.parameters();
    int at = pass.at();
    double[] in = pass.in();
    double[] out = pass.out();
    for (int i = 0; i < pass.rows(); i++) {
      int first = i * inputs;
      double mean = mean(in, first);
      double scale = scale(in, first, mean);
      for (int k = 0; k < inputs; k++) {
        double centred = (in[first + k] - mean) * scale;
        out[first + k] = parameters[at + k] * centred + parameters[at + inputs + k];
      }
    }
  }

  @Override
  public void backward(Pass pass, double[] slopes, double[] gradient, double[] before) {
    double[] parameters = pass.parameters();
    int at = pass.at();
    double[] in = pass.in();
    for (int i = 0; i < pass.rows(); i++) {
      int first = i * inputs;
      double mean = mean(in, first);
      double scale = scale(in, first, mean);
      double sum = 0;
      double moment = 0;
      for (int k = 0; k < inputs; k++) {
        double centred = (in[first + k] - mean) * scale;
        double slope = slopes[first + k];
        gradient[at + k] += slope * centred;
        gradient[at + inputs + k] += slope;
        sum += slope * parameters[at + k];
        moment += slope * parameters[at + k] * centred;
      }
      for (int k = 0; k < inputs; k++) {
        double centred = (in[first + k] - mean) * scale;
        double pull = slopes[first + k] * parameters[at + k];
        before[first + k] = scale * (pull - (sum + centred * moment) / inputs);
      }
    }
  }

  private double mean(double[] in, int first) {
    double sum = 0;
    for (int k = first; k < first + inputs; k++) {
      sum += in[k];
    }
    return sum / inputs;
  }

  private double scale(double[] in, int first, double mean) {
    double squares = 0;
    for (int k = first; k < first + inputs; k++) {
      squares += (in[k] - mean) * (in[k] - mean);
    }
    return 1 / Math.sqrt(squares / inputs + epsilon);
  }
}
