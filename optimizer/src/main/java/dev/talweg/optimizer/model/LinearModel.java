package dev.talweg.optimizer.model;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.transform.Tensor;
import dev.talweg.optimizer.transform.Tensors;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * z = x·w + b, and the offset of the row: d weights and, at index d, the intercept, which stays 0
 * where there is none.
 *
 * @param features d
 */
public record LinearModel(PointwiseLoss loss, int features, Intercept intercept)
    implements LinearRows {
  private static final long serialVersionUID = 1L;

  /** With a free intercept. */
  public LinearModel(PointwiseLoss loss, int features) {
    this(loss, features, Intercept.FREE);
  }

  @Override
  public ParameterLayout layout() {
    return new ParameterLayout(
        List.of(
            new ParameterLayout.Slice("weights", 0, features, true),
            new ParameterLayout.Slice("intercept", features, 1, false)));
  }

  @Override
  public Tensors tensors() {
    return new Tensors(
        List.of(
            new Tensor("weights", 0, 1, features), new Tensor("intercept", features, 1, 1, false)));
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
    block.addTransposed(from, until, slopes, gradient);
    if (intercept == Intercept.FREE) {
      for (double slope : slopes) {
        gradient[features] += slope;
      }
    }
  }

  @Override
  public void predict(Block block, int from, int until, double[] parameters, double[] margins) {
    Arrays.fill(margins, 0, until - from, parameters[block.dimension()]);
    double @Nullable [] offsets = block.offsets();
    for (int i = from; offsets != null && i < until; i++) {
      margins[i - from] += offsets[i];
    }
    block.addMargins(from, until, parameters, margins);
  }
}
