package dev.talweg.ml.engine;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import java.io.Serializable;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Weighted sums over labels. The variance is summed about the mean (West, CACM 22 (1979)), so that
 * labels far from zero keep theirs.
 *
 * @param weight Σω
 * @param weightSquares Σω²
 * @param mean Σωy / Σω
 * @param deviations Σω(y − mean)²
 * @param least the smallest label
 * @param most the largest
 * @param histogram Σω by label; empty where there are more labels than classes could be
 */
record LabelSums(
    double weight,
    double weightSquares,
    double mean,
    double deviations,
    double least,
    double most,
    TreeMap<Double, Double> histogram)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** More labels than this are no classes. */
  static final int MOST_CLASSES = 1000;

  static LabelSums of(Shard shard) {
    double weight = 0;
    double squares = 0;
    double mean = 0;
    double deviations = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    TreeMap<Double, Double> histogram = new TreeMap<>();
    for (Block block : shard.blocks()) {
      double[] labels = block.labels();
      double @Nullable [] weights = block.weights();
      for (int i = 0; i < labels.length; i++) {
        double w = weights == null ? 1 : weights[i];
        if (w == 0) {
          continue;
        }
        double apart = labels[i] - mean;
        weight += w;
        squares += w * w;
        mean += w / weight * apart;
        deviations += w * apart * (labels[i] - mean);
        least = Math.min(least, labels[i]);
        most = Math.max(most, labels[i]);
        if (histogram.size() <= MOST_CLASSES) {
          histogram.merge(labels[i], w, Double::sum);
        }
      }
    }
    return new LabelSums(weight, squares, mean, deviations, least, most, histogram);
  }

  /** Of both (Chan, Golub and LeVeque 1983). */
  LabelSums plus(LabelSums other) {
    double sum = weight + other.weight;
    if (sum == 0) {
      return this;
    }
    double apart = other.mean - mean;
    TreeMap<Double, Double> all = new TreeMap<>(histogram);
    other.histogram.forEach((label, w) -> all.merge(label, w, Double::sum));
    return new LabelSums(
        sum,
        weightSquares + other.weightSquares,
        mean + other.weight / sum * apart,
        deviations + other.deviations + apart * apart * weight * (other.weight / sum),
        Math.min(least, other.least),
        Math.max(most, other.most),
        all);
  }

  double variance() {
    return weight > 0 ? deviations / weight : 0;
  }
}
