package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.ScoredRows.Order;
import dev.talweg.optimizer.metric.ScoredRows.Place;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Areas under the ROC curves of classes, from pairs of rows of two classes: how much weight of
 * pairs has the higher probability of class k in the row of class k, ties half. One sort for each
 * class.
 */
final class ClassAreas {
  /** By class k, and by the other class of a pair. */
  private final double[][] right;

  private final double[] weights;

  /** Of rows that have, in the k-th of the list, the probability of class k for a score. */
  ClassAreas(List<ScoredRows> rows) {
    int classes = rows.size();
    right = new double[classes][];
    weights = new double[classes];
    for (int k = 0; k < classes; k++) {
      int own = k;
      Pairs pairs = rows.get(k).sum(Order.by(Scored::score), () -> new Pairs(own, classes));
      pairs.pass();
      right[k] = pairs.right;
      weights[k] = pairs.below[k];
    }
  }

  /** The mean area of each class against all others. */
  double macroOneVersusRest() {
    return oneVersusRest(k -> 1);
  }

  /** The same by the weight of the classes. */
  double weightedOneVersusRest() {
    return oneVersusRest(k -> weights[k]);
  }

  private double oneVersusRest(IntToDoubleFunction share) {
    double all = RankedBins.total(weights);
    Mean mean = new Mean();
    for (int k = 0; k < weights.length; k++) {
      double area = RankedBins.total(right[k]) / (weights[k] * (all - weights[k]));
      mean.add(area, share.applyAsDouble(k));
    }
    return mean.mean();
  }

  /** The mean over pairs of classes (Hand and Till, Machine Learning 45 (2001)). */
  double macroOneVersusOne() {
    return oneVersusOne((k, other) -> 1);
  }

  /** The same by the weight of the pair. */
  double weightedOneVersusOne() {
    return oneVersusOne((k, other) -> weights[k] + weights[other]);
  }

  private double oneVersusOne(ShareOfPair share) {
    Mean mean = new Mean();
    for (int k = 0; k < weights.length; k++) {
      for (int other = 0; other < weights.length; other++) {
        if (other != k) {
          mean.add(right[k][other] / (weights[k] * weights[other]), share.of(k, other));
        }
      }
    }
    return mean.mean();
  }

  private interface ShareOfPair {
    double of(int k, int other);
  }

  /** Rows in ascending order of the probability of one class. */
  private static final class Pairs implements ScoredRows.Sums<Pairs> {
    private static final long serialVersionUID = 1L;

    private final int own;
    private final double[] below; // weights by class, of lower probabilities
    private final double[] tied; // of the same one
    private final double[] right;

    Pairs(int own, int classes) {
      this.own = own;
      this.below = new double[classes];
      this.tied = new double[classes];
      this.right = new double[classes];
    }

    @Override
    public void add(Scored row, Place place) {
      if (place.position() == place.first()) {
        pass();
      }
      tied[(int) row.label()] += row.weight();
    }

    /** What was tied is below what comes. */
    void pass() {
      for (int k = 0; k < tied.length; k++) {
        right[k] += k == own ? 0 : tied[own] * (below[k] + 0.5 * tied[k]);
      }
      for (int k = 0; k < tied.length; k++) {
        below[k] += tied[k];
        tied[k] = 0;
      }
    }

    @Override
    public void merge(Pairs next) {
      pass();
      next.pass();
      for (int k = 0; k < tied.length; k++) {
        right[k] += next.right[k] + (k == own ? 0 : next.below[own] * below[k]);
      }
      for (int k = 0; k < tied.length; k++) {
        below[k] += next.below[k];
      }
    }
  }
}
