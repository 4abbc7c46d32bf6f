package dev.talweg.optimizer.model;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.transform.Tensor;
import dev.talweg.optimizer.transform.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * z_k = x·w_k + b_k: d × K weights, feature by feature (the weight of feature j for class k is at
 * {@code j·K + k}), then K intercepts.
 *
 * <p><b>What is identified.</b> A common shift of all K margins changes no probability. Where every
 * weight is penalized, the minimizer's weights sum to zero over the classes of each feature, and
 * are unique; intercepts are not penalized and unique up to a common shift. {@link #centred} takes
 * both shifts out: it changes no probability and never raises a penalty. Intercepts stay 0 where
 * there are none.
 *
 * @param features d
 */
public record SoftmaxModel(SoftmaxLoss loss, int features, Intercept intercept)
    implements LinearRows {
  private static final long serialVersionUID = 1L;

  /** With free intercepts. */
  public SoftmaxModel(SoftmaxLoss loss, int features) {
    this(loss, features, Intercept.FREE);
  }

  public SoftmaxModel {
    if ((features + 1L) * loss.classes() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d features of %d classes are more than 2^31 parameters",
              features,
              loss.classes()));
    }
  }

  @Override
  public int margins() {
    return loss.classes();
  }

  @Override
  public ParameterLayout layout() {
    int weights = features * loss.classes();
    return new ParameterLayout(
        List.of(
            new ParameterLayout.Slice("weights", 0, weights, true),
            new ParameterLayout.Slice("intercepts", weights, loss.classes(), false)));
  }

  @Override
  public Tensors tensors() {
    int classes = loss.classes();
    return new Tensors(
        List.of(
            new Tensor("weights", 0, 1, features * classes),
            new Tensor("intercepts", features * classes, 1, classes, false)));
  }

  @Override
  public Scores scores() {
    return Scores.of(loss);
  }

  @Override
  public double differentiate(
      Block block, int from, int until, double[] parameters, double[] slopes) {
    double[] labels = Arrays.copyOfRange(block.labels(), from, until);
    double @Nullable [] all = block.weights();
    double @Nullable [] weights = all == null ? null : Arrays.copyOfRange(all, from, until);
    predict(block, from, until, parameters, slopes);
    return loss.differentiate(slopes, labels, weights, until - from);
  }

  @Override
  public void pull(Block block, int from, int until, double[] slopes, double[] gradient) {
    int classes = loss.classes();
    block.addTransposed(from, until, slopes, classes, gradient);
    int intercepts = features * classes;
    for (int i = 0; intercept == Intercept.FREE && i < until - from; i++) {
      for (int k = 0; k < classes; k++) {
        gradient[intercepts + k] += slopes[i * classes + k];
      }
    }
  }

  @Override
  public void predict(Block block, int from, int until, double[] parameters, double[] margins) {
    int classes = loss.classes();
    int intercepts = block.dimension() * classes;
    for (int i = 0; i < until - from; i++) {
      System.arraycopy(parameters, intercepts, margins, i * classes, classes);
    }
    block.addMargins(from, until, parameters, classes, margins);
  }

  /** The same model with weights and intercepts that sum to zero over the classes. */
  public static double[] centred(double[] parameters, int classes) {
    double[] centred = new double[parameters.length];
    for (int from = 0; from < centred.length; from += classes) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += parameters[from + k];
      }
      for (int k = 0; k < classes; k++) {
        centred[from + k] = parameters[from + k] - sum / classes;
      }
    }
    return centred;
  }
}
