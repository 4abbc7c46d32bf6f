package dev.talweg.optimizer.net;

import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.metric.Scores;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the margins of a net mean: the loss that it is trained with. */
public sealed interface Head extends Serializable {

  /** Margins of a row. */
  int margins();

  /** Scores of no rows yet. */
  Scores scores();

  /** Replaces each margin by ω ∂ℓ/∂z and returns Σ ω ℓ. */
  double differentiate(double[] margins, double[] labels, double @Nullable [] weights, int rows);

  /**
   * A margin for each class.
   *
   * @param smoothing s: the label counts 1 − s and every class s/K more (Szegedy et al., CVPR
   *     (2016)); as PyTorch and Keras have it
   */
  record OfClasses(SoftmaxLoss loss, double smoothing) implements Head {
    private static final long serialVersionUID = 1L;

    @Override
    public int margins() {
      return loss.classes();
    }

    @Override
    public Scores scores() {
      return Scores.of(loss);
    }

    /** ℓ + s (z_y − mean z), whose slope is that of ℓ and s ([k = y] − 1/K). */
    @Override
    public double differentiate(
        double[] margins, double[] labels, double @Nullable [] weights, int rows) {
      if (smoothing == 0) {
        return loss.differentiate(margins, labels, weights, rows);
      }
      int classes = loss.classes();
      double added = 0;
      for (int i = 0; i < rows; i++) {
        double mean = 0;
        for (int k = i * classes; k < (i + 1) * classes; k++) {
          mean += margins[k] / classes;
        }
        double more = smoothing * (margins[i * classes + loss.place(labels[i])] - mean);
        added += weights == null ? more : weights[i] * more;
      }
      double value = loss.differentiate(margins, labels, weights, rows);
      for (int i = 0; i < rows; i++) {
        double weight = smoothing * (weights == null ? 1 : weights[i]);
        for (int k = i * classes; k < (i + 1) * classes; k++) {
          margins[k] -= weight / classes;
        }
        margins[i * classes + loss.place(labels[i])] += weight;
      }
      return value + added;
    }
  }

  /**
   * One margin.
   *
   * @param smoothing s of a classifier: the labels 0 and 1 count as s/2 and 1 − s/2
   */
  record OfMargin(PointwiseLoss loss, double smoothing) implements Head {
    private static final long serialVersionUID = 1L;

    @Override
    public int margins() {
      return 1;
    }

    @Override
    public Scores scores() {
      return Scores.of(loss);
    }

    @Override
    public double differentiate(
        double[] margins, double[] labels, double @Nullable [] weights, int rows) {
      if (smoothing == 0) {
        return loss.differentiate(margins, labels, weights, rows);
      }
      double[] smooth = new double[rows];
      Arrays.setAll(smooth, i -> (1 - smoothing) * labels[i] + 0.5 * smoothing);
      return loss.differentiate(margins, smooth, weights, rows);
    }
  }
}
