package dev.talweg.optimizer.net;

import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.transform.Tensor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * out = γ (in − μ)/√(σ² + ε) + β with mean and variance of each unit over the rows of the batch,
 * all of them wherever they lie; afterwards with running ones, r ← (1 − m) r + m · the batch's.
 * Ioffe and Szegedy, ICML (2015).
 *
 * <p><b>Over partitions.</b> Rows see each other through μ and σ, and so do their derivatives:
 *
 * <pre>∂/∂in_i = γ/√(σ² + ε) · (δ_i − ω_i/Ω · (Σδ + x̂_i Σδx̂)),  Σ over the batch,</pre>
 *
 * with δ the derivatives by out, x̂ the normalized units and Ω = Σω. So a layer needs two rounds:
 * the moments of its units on the way forward, Σδ and Σδx̂ on the way back. Moments are (Ω, Σω²,
 * means, sums of squares about them), of two runs of rows in one by the formula of Chan, Golub and
 * LeVeque (1979), which cancels nothing: a unit near 100 that varies by 0.01 keeps its digits.
 *
 * <p>Weights of rows count as that many rows; of weights all alike the running variance is what
 * libraries have without any, since its n is (Σω)²/Σω² (Kish 1965).
 *
 * <p>Parameters are γ, β, the running means and the running variances, and where every batch counts
 * the same how many there were; all but the first two follow the batches and no gradient ({@link
 * #buffers}).
 *
 * @param form momentum, ε and the running variance
 */
public record BatchNorm(int inputs, Form form) implements Layer {
  private static final long serialVersionUID = 1L;

  /**
   * What libraries differ in.
   *
   * @param momentum m: the share of the batch in what runs; Keras names 1 − m; 0 for 1/n in the
   *     n-th batch, so that what runs is the mean over all batches
   * @param epsilon ε, above 0
   * @param variance what the running variance is of
   */
  public record Form(double momentum, double epsilon, Variance variance) implements Serializable {
    private static final long serialVersionUID = 1L;
    public static final Form PYTORCH = new Form(0.1, 1e-5, Variance.UNBIASED);
    public static final Form CUMULATIVE = new Form(0, 1e-5, Variance.UNBIASED);
    public static final Form KERAS = new Form(1 - 0.99, 1e-3, Variance.BIASED);

    public Form {
      if (!(momentum >= 0 && momentum <= 1) || !(epsilon > 0)) {
        throw new IllegalArgumentException(
            "momentum " + momentum + " is in [0, 1], epsilon " + epsilon + " above 0");
      }
    }

    private boolean countsBatches() {
      return momentum == 0;
    }
  }

  /** The sum of squares about the mean by n − 1, or by n as in the batch itself. */
  public enum Variance {
    UNBIASED,
    BIASED
  }

  @Override
  public List<Tensor> tensors(String name, int at) {
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(new Tensor(name + ".scales", at, 1, inputs, false));
    tensors.add(new Tensor(name + ".shifts", at + inputs, 1, inputs, false));
    tensors.add(new Tensor(name + ".running-means", at + 2 * inputs, 1, inputs, false));
    tensors.add(new Tensor(name + ".running-variances", at + 3 * inputs, 1, inputs, false));
    if (form.countsBatches()) {
      tensors.add(new Tensor(name + ".batches", at + 4 * inputs, 1, 1, false));
    }
    return tensors;
  }

  @Override
  public List<Slice> buffers(String name, int at) {
    List<Slice> all = slices(name, at);
    return all.subList(2, all.size());
  }

  @Override
  public void initialize(double[] parameters, int at, Initializer initializer, long seed) {
    Arrays.fill(parameters, at, at + inputs, 1);
    Arrays.fill(parameters, at + 3 * inputs, at + 4 * inputs, 1);
  }

  /** In training: as if these rows were the batch. */
  @Override
  public void forward(Pass pass) {
    double[] parameters = pass.parameters();
    int at = pass.at();
    double[] in = pass.in();
    int rows = pass.rows();
    double[] out = pass.out();
    if (pass.draw() != null) {
      normalize(parameters, at, in, rows, moments(in, rows, null), out);
      return;
    }
    for (int i = 0; i < rows * inputs; i++) {
      int k = i % inputs;
      double mean = parameters[at + 2 * inputs + k];
      double variance = parameters[at + 3 * inputs + k];
      double scale = 1 / Math.sqrt(variance + form.epsilon);
      out[i] = parameters[at + k] * ((in[i] - mean) * scale) + parameters[at + inputs + k];
    }
  }

  /** As if these rows were the batch. */
  @Override
  public void backward(Pass pass, double[] slopes, double[] gradient, double[] before) {
    double[] in = pass.in();
    int rows = pass.rows();
    double[] moments = moments(in, rows, null);
    double[] sums = sums(in, slopes, rows, moments);
    backward(pass.parameters(), pass.at(), in, slopes, rows, null, moments, sums, gradient, before);
  }

  /** Of no rows. */
  double[] noMoments() {
    return new double[2 + 2 * inputs];
  }

  /** Ω, Σω², and of each unit the mean, then of each the sum of squares about it. */
  public double[] moments(double[] in, int rows, double @Nullable [] weights) {
    double[] moments = noMoments();
    for (int i = 0; i < rows; i++) {
      double weight = weights == null ? 1 : weights[i];
      moments[0] += weight;
      moments[1] += weight * weight;
      for (int k = 0; k < inputs; k++) {
        moments[2 + k] += weight * in[i * inputs + k];
      }
    }
    for (int k = 0; k < inputs && moments[0] > 0; k++) {
      moments[2 + k] /= moments[0];
    }
    for (int i = 0; i < rows; i++) {
      double weight = weights == null ? 1 : weights[i];
      for (int k = 0; k < inputs; k++) {
        double centred = in[i * inputs + k] - moments[2 + k];
        moments[2 + inputs + k] += weight * centred * centred;
      }
    }
    return moments;
  }

  /** Of two runs of rows in one. */
  double[] merged(double[] first, double[] second) {
    double all = first[0] + second[0];
    if (first[0] == 0 || second[0] == 0) {
      return first[0] == 0 ? second : first;
    }
    double[] merged = new double[first.length];
    merged[0] = all;
    merged[1] = first[1] + second[1];
    for (int k = 2; k < 2 + inputs; k++) {
      double apart = second[k] - first[k];
      merged[k] = first[k] + apart * (second[0] / all);
      merged[k + inputs] =
          first[k + inputs] + second[k + inputs] + apart * apart * (first[0] * (second[0] / all));
    }
    return merged;
  }

  /** 1/√(σ² + ε) of each unit. */
  private double[] scales(double[] moments) {
    double weight = moments[0] > 0 ? moments[0] : 1;
    double[] scales = new double[inputs];
    for (int k = 0; k < inputs; k++) {
      scales[k] = 1 / Math.sqrt(moments[2 + inputs + k] / weight + form.epsilon);
    }
    return scales;
  }

  /** Writes {@code out}, given the moments of the whole batch. */
  void normalize(
      double[] parameters, int at, double[] in, int rows, double[] moments, double[] out) {
    double[] scales = scales(moments);
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < inputs; k++) {
        int unit = i * inputs + k;
        double centred = (in[unit] - moments[2 + k]) * scales[k];
        out[unit] = parameters[at + k] * centred + parameters[at + inputs + k];
      }
    }
  }

  /** Σδ of each unit, then Σδx̂ of each, over these rows. */
  double[] sums(double[] in, double[] slopes, int rows, double[] moments) {
    double[] scales = scales(moments);
    double[] sums = new double[2 * inputs];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < inputs; k++) {
        int unit = i * inputs + k;
        sums[k] += slopes[unit];
        sums[inputs + k] += slopes[unit] * ((in[unit] - moments[2 + k]) * scales[k]);
      }
    }
    return sums;
  }

  /** As {@link Layer#backward}, given moments and sums of the whole batch. */
  void backward(
      double[] parameters,
      int at,
      double[] in,
      double[] slopes,
      int rows,
      double @Nullable [] weights,
      double[] moments,
      double[] sums,
      double[] gradient,
      double[] before) {
    double[] scales = scales(moments);
    double all = moments[0] > 0 ? moments[0] : 1;
    for (int i = 0; i < rows; i++) {
      double share = (weights == null ? 1 : weights[i]) / all;
      for (int k = 0; k < inputs; k++) {
        int unit = i * inputs + k;
        double slope = slopes[unit];
        double centred = (in[unit] - moments[2 + k]) * scales[k];
        gradient[at + k] += slope * centred;
        gradient[at + inputs + k] += slope;
        double pull = slope - share * (sums[k] + centred * sums[inputs + k]);
        before[unit] = parameters[at + k] * scales[k] * pull;
      }
    }
  }

  /** Writes to {@code next} what the running statistics become. */
  public void settle(double[] parameters, int at, double[] moments, double[] next) {
    double weight = moments[0] > 0 ? moments[0] : 1;
    double rows = moments[1] > 0 ? moments[0] * moments[0] / moments[1] : 1;
    boolean biased = form.variance == Variance.BIASED || rows < 1.5; // of one row it is 0
    double unbiased = biased ? 1 : rows / (rows - 1);
    double m = moments[0] > 0 ? form.momentum : 0;
    if (form.countsBatches()) {
      int batches = at + 4 * inputs;
      next[batches] = parameters[batches] + (moments[0] > 0 ? 1 : 0);
      m = moments[0] > 0 ? 1 / next[batches] : 0;
    }
    for (int k = 0; k < inputs; k++) {
      int mean = at + 2 * inputs + k;
      int variance = at + 3 * inputs + k;
      double found = moments[2 + inputs + k] / weight * unbiased;
      next[mean] = (1 - m) * parameters[mean] + m * moments[2 + k];
      next[variance] = (1 - m) * parameters[variance] + m * found;
    }
  }
}
