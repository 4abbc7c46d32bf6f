package dev.talweg.optimizer.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * What depends on the order of rows, from the bins of {@link BinaryScores}: rows of one bin are
 * ties.
 *
 * @param positive weights of label 1, by bin
 * @param negative weights of label 0
 * @param predicted Σ ω p
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record RankedBins(double[] positive, double[] negative, double[] predicted) {

  /** Whether a bin has rows. */
  private boolean isUsed(int bin) {
    return positive[bin] + negative[bin] > 0;
  }

  /** Mean probability of a bin's rows. */
  private double probability(int bin) {
    return predicted[bin] / (positive[bin] + negative[bin]);
  }

  static double total(double[] bins) {
    double total = 0;
    for (double bin : bins) {
      total += bin;
    }
    return total;
  }

  /** The confusion where all bins from this one on are predicted to be positive. */
  Confusion from(int first) {
    double[] below = new double[2];
    double[] above = new double[2];
    for (int bin = 0; bin < positive.length; bin++) {
      double[] side = bin < first ? below : above;
      side[0] += negative[bin];
      side[1] += positive[bin];
    }
    return Confusion.ofTwo(below[0], above[0], below[1], above[1]);
  }

  /**
   * The area under the ROC curve up to a rate of false positives, moved and scaled to 1/2 for a
   * random order and 1 for a perfect one (McClish, Medical Decision Making 9 (1989)).
   */
  public double partialArea(double most) {
    double positives = total(positive);
    double negatives = total(negative);
    double x = 0;
    double y = 0;
    double area = 0;
    for (int bin = positive.length - 1; bin >= 0 && x < most; bin--) {
      double nextX = x + negative[bin] / negatives;
      double nextY = y + positive[bin] / positives;
      double width = Math.min(nextX, most) - x;
      if (width > 0) {
        double slope = (nextY - y) / (nextX - x);
        area += width * (y + 0.5 * width * slope);
      }
      x = nextX;
      y = nextY;
    }
    double random = 0.5 * most * most;
    return 0.5 * (1 + (area - random) / (most - random));
  }

  /** The area under the curve of precision over recall, in straight lines from (0, 1) on. */
  public double precisionRecallArea() {
    double positives = total(positive);
    double found = 0;
    double taken = 0;
    double precision = 1;
    double area = 0;
    for (int bin = positive.length - 1; bin >= 0; bin--) {
      if (isUsed(bin)) {
        found += positive[bin];
        taken += positive[bin] + negative[bin];
        double next = found / taken;
        area += positive[bin] / positives * 0.5 * (precision + next);
        precision = next;
      }
    }
    return area;
  }

  /**
   * A point of the ROC curve.
   *
   * @param falsePositives share of class 0 that is at or above the threshold
   * @param truePositives the same of class 1
   * @param threshold a probability, above 1 where nothing is
   */
  public record RocPoint(double falsePositives, double truePositives, double threshold) {}

  /** The ROC curve from (0, 0) on, a point for each bin that has rows. */
  public List<RocPoint> roc() {
    double positives = total(positive);
    double negatives = total(negative);
    double found = 0;
    double wrong = 0;
    List<RocPoint> curve = new ArrayList<>();
    curve.add(new RocPoint(0, 0, Double.POSITIVE_INFINITY));
    for (int bin = positive.length - 1; bin >= 0; bin--) {
      if (isUsed(bin)) {
        found += positive[bin];
        wrong += negative[bin];
        curve.add(new RocPoint(wrong / negatives, found / positives, probability(bin)));
      }
    }
    return curve;
  }

  /** The probability at and above which the classes are furthest apart. */
  public double thresholdOfMostDistance() {
    double most = 0;
    double threshold = Double.POSITIVE_INFINITY;
    for (RocPoint point : roc()) {
      double distance = point.truePositives() - point.falsePositives();
      if (distance > most) {
        most = distance;
        threshold = point.threshold();
      }
    }
    return threshold;
  }

  /** How many times as many positives as everywhere a share of the rows of highest margin has. */
  public double lift(double share) {
    double positives = total(positive);
    double all = positives + total(negative);
    double left = share * all;
    double found = 0;
    for (int bin = positive.length - 1; bin >= 0 && left > 0; bin--) {
      if (isUsed(bin)) {
        double weight = positive[bin] + negative[bin];
        found += positive[bin] * Math.min(1, left / weight); // ties as if in random order
        left -= weight;
      }
    }
    return found / positives / share;
  }

  /**
   * What probabilities miss what is observed by.
   *
   * @param mean |predicted − observed| of bins, by their weight
   * @param largest of them
   */
  public record Calibration(double mean, double largest) {}

  /** Over bins of probability of one width, of which an edge belongs to the upper one. */
  public Calibration calibration(int widths) {
    double[] observed = new double[widths];
    double[] weights = new double[widths];
    double[] probabilities = new double[widths];
    for (int bin = 0; bin < positive.length; bin++) {
      if (isUsed(bin)) {
        // a mean may miss the edge by a rounding
        int width = Math.min(widths - 1, (int) (widths * probability(bin) + 1e-12));
        observed[width] += positive[bin];
        weights[width] += positive[bin] + negative[bin];
        probabilities[width] += predicted[bin];
      }
    }
    double sum = 0;
    double largest = 0;
    for (int width = 0; width < widths; width++) {
      double error = Math.abs(observed[width] - probabilities[width]);
      sum += error;
      largest = weights[width] > 0 ? Math.max(largest, error / weights[width]) : largest;
    }
    return new Calibration(sum / total(weights), largest);
  }
}
