package dev.talweg.optimizer.metric;

import static dev.talweg.optimizer.metric.RankedBins.total;

import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Scores of labels 0 and 1: sums for the means, and a histogram of margins for everything that
 * depends on their order.
 *
 * <p><b>Histogram.</b> 2¹⁶ bins, half of them on each side of 0. The bin of a margin z is the top
 * of the bits of 1 + |z| as a float: 2¹¹ bins per doubling, so a width of 1/2048 around 0 that
 * grows with 1 + |z|, up to |z| = 65,535. It is monotone and has the same bits everywhere. Rows of
 * one bin count as ties, half for and half against, as they do in the exact area when they are
 * equal. An error of an area is at most half the weight of pairs that share a bin without being
 * equal (tested to stay below 1e-3 of it for continuous scores, and usually 1e-5).
 *
 * <p>Only bins in use are written when scores cross the wire.
 */
public final class BinaryScores implements Scores, Externalizable {
  private static final long serialVersionUID = 1L;
  private static final int HALF = 1 << 15;
  private static final int BITS = 12; // of a float's 23 mantissa bits, the lower ones are dropped
  private static final int ONE = Float.floatToIntBits(1f);
  private static final int CURVE_POINTS = 200;
  private static final int CALIBRATION_BINS = 10;
  private static final double FEW_FALSE = 0.1;
  private static final double BEST_SHARE = 0.1;
  private static final double LEAST_PROBABILITY = 0x1p-52;

  private PointwiseLoss loss;
  private final double[] positive = new double[2 * HALF];
  private final double[] negative = new double[2 * HALF];
  private final double[] predicted = new double[2 * HALF];
  private double truePositives; // weights of rows with p > 1/2
  private double falsePositives;
  private long positiveRows;
  private long negativeRows;
  private final Mean logLoss = new Mean();
  private final Mean accuracy = new Mean();
  private final Mean brier = new Mean();

  /** For deserialization. */
  public BinaryScores() {
    this(new LogisticLoss());
  }

  BinaryScores(PointwiseLoss loss) {
    this.loss = loss;
  }

  @Override
  public void add(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    for (int i = 0; i < rows; i++) {
      double z = margins[i];
      double weight = weights == null ? 1 : weights[i];
      boolean isPositive = labels[i] > 0;
      double p = loss.predict(z);
      int bin = bin(z);
      (isPositive ? positive : negative)[bin] += weight;
      predicted[bin] += weight * p;
      positiveRows += isPositive ? 1 : 0;
      negativeRows += isPositive ? 0 : 1;
      double likelihood = isPositive ? p : loss.complement(z);
      logLoss.add(-Math.log(Math.max(likelihood, LEAST_PROBABILITY)), weight);
      boolean predictedPositive = p > 0.5;
      accuracy.add(predictedPositive == isPositive ? 1 : 0, weight);
      truePositives += predictedPositive && isPositive ? weight : 0;
      falsePositives += predictedPositive && !isPositive ? weight : 0;
      double error = isPositive ? 1 - p : p;
      brier.add(error * error, weight);
    }
  }

  @Override
  public double[] predicted(double[] margins) {
    return Arrays.stream(margins).map(loss::predict).toArray();
  }

  static int bin(double z) {
    int magnitude =
        Math.min(HALF - 1, (Float.floatToIntBits((float) (1 + Math.abs(z))) - ONE) >> BITS);
    return z < 0 ? HALF - 1 - magnitude : HALF + magnitude;
  }

  @Override
  public void merge(Scores scores) {
    BinaryScores other = (BinaryScores) scores;
    for (int bin = 0; bin < positive.length; bin++) {
      positive[bin] += other.positive[bin];
      negative[bin] += other.negative[bin];
      predicted[bin] += other.predicted[bin];
    }
    truePositives += other.truePositives;
    falsePositives += other.falsePositives;
    positiveRows += other.positiveRows;
    negativeRows += other.negativeRows;
    logLoss.merge(other.logLoss);
    accuracy.merge(other.accuracy);
    brier.merge(other.brier);
  }

  @Override
  public Metric.Labels labels() {
    return Metric.Labels.BINARY;
  }

  @Override
  public long rows() {
    return positiveRows + negativeRows;
  }

  @Override
  public List<Value> values() {
    Value area = areaUnderRoc();
    RankedBins bins = bins();
    Confusion confusion = confusion();
    RankedBins.Calibration calibration = bins.calibration(CALIBRATION_BINS);
    return List.of(
        new Value("log-loss", logLoss.mean(), logLoss.standardError()),
        area,
        new Value("auc-pr", averagePrecision(), Double.NaN),
        new Value("ks", kolmogorovSmirnov(), Double.NaN),
        new Value("accuracy", accuracy.mean(), accuracy.standardError()),
        new Value("brier", brier.mean(), brier.standardError()),
        new Value("calibration-error", calibrationError(), Double.NaN),
        new Value("gini", 2 * area.value() - 1, 2 * area.standardError()),
        new Value("partial-auc-roc", bins.partialArea(FEW_FALSE), Double.NaN),
        new Value("trapezoid-auc-pr", bins.precisionRecallArea(), Double.NaN),
        new Value("normalized-entropy", logLoss.mean() / entropy(), Double.NaN),
        new Value("lift", bins.lift(BEST_SHARE), Double.NaN),
        new Value("ece", calibration.mean(), Double.NaN),
        new Value("mce", calibration.largest(), Double.NaN),
        new Value("precision", confusion.precision(1), Double.NaN),
        new Value("recall", confusion.recall(1), Double.NaN),
        new Value("specificity", confusion.recall(0), Double.NaN),
        new Value("f1", confusion.f(1, 1), Double.NaN),
        new Value("balanced-accuracy", confusion.balancedAccuracy(), Double.NaN),
        new Value("mcc", confusion.matthews(), Double.NaN),
        new Value("cohen-kappa", confusion.kappa(), Double.NaN),
        new Value("jaccard", confusion.jaccard(1), Double.NaN));
  }

  /** What depends on the order of margins. */
  public RankedBins bins() {
    return new RankedBins(positive, negative, predicted);
  }

  /**
   * Of rows that are predicted to be of class 1 where that is the likelier one, as the accuracy.
   */
  private Confusion confusion() {
    return Confusion.ofTwo(
        Math.max(0, total(negative) - falsePositives), // sums of the same in another order
        falsePositives,
        Math.max(0, total(positive) - truePositives),
        truePositives);
  }

  /** Of rows that are predicted to be of class 1 from a margin on, up to the width of its bin. */
  public Confusion from(double margin) {
    return bins().from(bin(margin));
  }

  /** Log loss of the share of class 1 for every row, in nats. */
  private double entropy() {
    double positives = total(positive);
    double p = positives / (positives + total(negative));
    return -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  }

  /** The Mann-Whitney statistic, with DeLong's standard error (Biometrics 1988). */
  private Value areaUnderRoc() {
    double positives = total(positive);
    double negatives = total(negative);
    double negativesBelow = 0;
    double area = 0;
    double squares = 0;
    for (int bin = 0; bin < positive.length; bin++) {
      double rank = (negativesBelow + 0.5 * negative[bin]) / negatives;
      area += positive[bin] * rank;
      squares += positive[bin] * rank * rank;
      negativesBelow += negative[bin];
    }
    area /= positives;
    double ofPositives = squares / positives - area * area;
    double positivesBelow = 0;
    double negativeSquares = 0;
    for (int bin = 0; bin < positive.length; bin++) {
      double rank = 1 - (positivesBelow + 0.5 * positive[bin]) / positives;
      negativeSquares += negative[bin] * rank * rank;
      positivesBelow += positive[bin];
    }
    double ofNegatives = negativeSquares / negatives - area * area;
    double error =
        Math.sqrt(
            Math.max(0, ofPositives) / Math.max(1, positiveRows - 1)
                + Math.max(0, ofNegatives) / Math.max(1, negativeRows - 1));
    return new Value("auc-roc", area, error);
  }

  /** Σ (R_k − R_{k−1}) P_k from the highest margin down, as scikit-learn defines it. */
  private double averagePrecision() {
    double positives = total(positive);
    double found = 0;
    double taken = 0;
    double average = 0;
    for (int bin = positive.length - 1; bin >= 0; bin--) {
      found += positive[bin];
      taken += positive[bin] + negative[bin];
      if (positive[bin] > 0) {
        average += positive[bin] / positives * (found / taken);
      }
    }
    return positives > 0 ? average : Double.NaN;
  }

  private double kolmogorovSmirnov() {
    double positives = total(positive);
    double negatives = total(negative);
    double p = 0;
    double n = 0;
    double most = 0;
    for (int bin = 0; bin < positive.length; bin++) {
      p += positive[bin] / positives;
      n += negative[bin] / negatives;
      most = Math.max(most, Math.abs(p - n));
    }
    return positives > 0 && negatives > 0 ? most : Double.NaN;
  }

  private double calibrationError() {
    double error = 0;
    double weight = 0;
    for (Point point : calibration()) {
      error += point.weight() * Math.abs(point.x() - point.y());
      weight += point.weight();
    }
    return error / weight;
  }

  /** Mean predicted against observed rate, in at most ten bins of nearly equal weight. */
  private List<Point> calibration() {
    double all = total(positive) + total(negative);
    List<Point> points = new ArrayList<>();
    double before = 0;
    double p = 0;
    double n = 0;
    double sum = 0;
    for (int bin = 0; bin < positive.length; bin++) {
      p += positive[bin];
      n += negative[bin];
      sum += predicted[bin];
      double until = (points.size() + 1) * all / CALIBRATION_BINS;
      boolean full = before + p + n >= until * (1 - 1e-12);
      if (p + n > 0 && (full || bin == positive.length - 1)) {
        points.add(new Point(sum / (p + n), p / (p + n), p + n));
        before += p + n;
        p = 0;
        n = 0;
        sum = 0;
      }
    }
    return points;
  }

  @Override
  public Map<String, List<Point>> curves() {
    double positives = total(positive);
    double negatives = total(negative);
    List<RankedBins.RocPoint> exact = bins().roc();
    List<Point> roc = new ArrayList<>();
    List<Point> precisionRecall = new ArrayList<>();
    roc.add(new Point(0, 0, Double.NaN));
    double drawn = 0;
    for (int k = 1; k < exact.size(); k++) {
      double x = exact.get(k).falsePositives();
      double y = exact.get(k).truePositives();
      if (x + y - drawn >= 2.0 / CURVE_POINTS || k == exact.size() - 1) {
        double found = positives > 0 ? y * positives : 0;
        double wrong = negatives > 0 ? x * negatives : 0;
        roc.add(new Point(x, y, Double.NaN));
        precisionRecall.add(new Point(y, found / (found + wrong), Double.NaN));
        drawn = x + y;
      }
    }
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    curves.put("roc", roc);
    curves.put("precision-recall", precisionRecall);
    curves.put("calibration", calibration());
    return curves;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeObject(loss);
    out.writeDouble(truePositives);
    out.writeDouble(falsePositives);
    out.writeLong(positiveRows);
    out.writeLong(negativeRows);
    logLoss.write(out);
    accuracy.write(out);
    brier.write(out);
    int used = 0;
    for (int bin = 0; bin < positive.length; bin++) {
      used += positive[bin] + negative[bin] > 0 ? 1 : 0;
    }
    out.writeInt(used);
    for (int bin = 0; bin < positive.length; bin++) {
      if (positive[bin] + negative[bin] > 0) {
        out.writeInt(bin);
        out.writeDouble(positive[bin]);
        out.writeDouble(negative[bin]);
        out.writeDouble(predicted[bin]);
      }
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
    loss = (PointwiseLoss) in.readObject();
    truePositives = in.readDouble();
    falsePositives = in.readDouble();
    positiveRows = in.readLong();
    negativeRows = in.readLong();
    logLoss.read(in);
    accuracy.read(in);
    brier.read(in);
    int used = in.readInt();
    for (int k = 0; k < used; k++) {
      int bin = in.readInt();
      positive[bin] = in.readDouble();
      negative[bin] = in.readDouble();
      predicted[bin] = in.readDouble();
    }
  }
}
