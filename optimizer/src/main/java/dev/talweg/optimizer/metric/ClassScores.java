package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.loss.SoftmaxLoss;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Scores of labels 0, …, K − 1 with K margins a row: sums for the means, and the confusion matrix
 * for everything that is counted by class.
 *
 * <p>The predicted class is the one with the largest margin, the first of equals; ranks count
 * likewise, so that the share of rank 0 is the accuracy. Only cells of the matrix that are in use
 * are written when scores cross the wire.
 */
public final class ClassScores implements Scores, Externalizable {
  private static final long serialVersionUID = 1L;
  private static final int[] TOP = {2, 3, 5};

  private SoftmaxLoss loss;
  private double[] confusion; // K × K weights: the label's row, the prediction's column
  private long[] rowsOf;
  private final Mean logLoss = new Mean();
  private final Mean accuracy = new Mean();
  private final Mean brier = new Mean();
  private final Mean[] top = {new Mean(), new Mean(), new Mean()};

  /** For deserialization. */
  public ClassScores() {
    this(new SoftmaxLoss(2));
  }

  ClassScores(SoftmaxLoss loss) {
    this.loss = loss;
    this.confusion = new double[Math.multiplyExact(loss.classes(), loss.classes())];
    this.rowsOf = new long[loss.classes()];
  }

  @Override
  public void add(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    int classes = loss.classes();
    double[] label = new double[1];
    for (int i = 0; i < rows; i++) {
      double[] z = Arrays.copyOfRange(margins, i * classes, (i + 1) * classes);
      double weight = weights == null ? 1 : weights[i];
      int y = loss.place(labels[i]);
      int predicted = 0;
      int rank = 0;
      for (int k = 0; k < classes; k++) {
        predicted = z[k] > z[predicted] ? k : predicted;
        rank += z[k] > z[y] || (z[k] == z[y] && k < y) ? 1 : 0;
      }
      label[0] = y;
      logLoss.add(loss.value(z, label, null, 1), weight);
      accuracy.add(rank == 0 ? 1 : 0, weight);
      loss.probabilities(z, 1);
      z[y] -= 1;
      brier.add(Arrays.stream(z).map(error -> error * error).sum(), weight);
      for (int t = 0; t < TOP.length; t++) {
        top[t].add(rank < TOP[t] ? 1 : 0, weight);
      }
      confusion[y * classes + predicted] += weight;
      rowsOf[y]++;
    }
  }

  @Override
  public double[] predicted(double[] margins) {
    double[] probabilities = margins.clone();
    loss.probabilities(probabilities, margins.length / loss.classes());
    return probabilities;
  }

  @Override
  public void merge(Scores scores) {
    ClassScores other = (ClassScores) scores;
    for (int cell = 0; cell < confusion.length; cell++) {
      confusion[cell] += other.confusion[cell];
    }
    for (int k = 0; k < rowsOf.length; k++) {
      rowsOf[k] += other.rowsOf[k];
    }
    logLoss.merge(other.logLoss);
    accuracy.merge(other.accuracy);
    brier.merge(other.brier);
    for (int t = 0; t < TOP.length; t++) {
      top[t].merge(other.top[t]);
    }
  }

  @Override
  public Metric.Labels labels() {
    return Metric.Labels.MULTICLASS;
  }

  @Override
  public long rows() {
    return Arrays.stream(rowsOf).sum();
  }

  @Override
  public List<Value> values() {
    Confusion counts = counts();
    List<Value> values = new ArrayList<>();
    values.add(new Value("log-loss", logLoss.mean(), logLoss.standardError()));
    values.add(new Value("accuracy", accuracy.mean(), accuracy.standardError()));
    values.add(new Value("macro-f1", counts.macroF1(), Double.NaN));
    for (int t = 0; t < TOP.length; t++) {
      if (TOP[t] < loss.classes()) {
        String name = "top-" + TOP[t] + "-accuracy";
        values.add(new Value(name, top[t].mean(), top[t].standardError()));
      }
    }
    values.add(new Value("brier", brier.mean(), brier.standardError()));
    values.add(new Value("weighted-f1", counts.weightedF1(), Double.NaN));
    values.add(new Value("balanced-accuracy", counts.balancedAccuracy(), Double.NaN));
    values.add(new Value("mcc", counts.matthews(), Double.NaN));
    values.add(new Value("cohen-kappa", counts.kappa(), Double.NaN));
    return values;
  }

  private Confusion counts() {
    return new Confusion(loss.classes(), confusion);
  }

  @Override
  public List<OfClass> byClass() {
    Confusion counts = counts();
    List<OfClass> all = new ArrayList<>();
    for (int k = 0; k < loss.classes(); k++) {
      double labelled = counts.labelled(k);
      double predicted = counts.predicted(k);
      all.add(
          new OfClass(
              rowsOf[k],
              List.of(
                  ofSome(predicted, "precision", counts.precision(k)),
                  ofSome(labelled, "recall", counts.recall(k)),
                  ofSome(labelled + predicted, "f1", counts.f(1, k)))));
    }
    return all;
  }

  /** NaN where it is a share of nothing. */
  private static Value ofSome(double weight, String name, double value) {
    return new Value(name, weight > 0 ? value : Double.NaN, Double.NaN);
  }

  /** One curve, confusion: x is the label's class, y the predicted one, both by their number. */
  @Override
  public Map<String, List<Point>> curves() {
    List<Point> cells = new ArrayList<>();
    for (int label = 0; label < loss.classes(); label++) {
      for (int predicted = 0; predicted < loss.classes(); predicted++) {
        double weight = confusion[label * loss.classes() + predicted];
        if (weight > 0) {
          cells.add(new Point(label, predicted, weight));
        }
      }
    }
    return Map.of("confusion", cells);
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(loss.classes());
    for (long rows : rowsOf) {
      out.writeLong(rows);
    }
    logLoss.write(out);
    accuracy.write(out);
    brier.write(out);
    for (Mean mean : top) {
      mean.write(out);
    }
    out.writeInt((int) Arrays.stream(confusion).filter(weight -> weight > 0).count());
    for (int cell = 0; cell < confusion.length; cell++) {
      if (confusion[cell] > 0) {
        out.writeInt(cell);
        out.writeDouble(confusion[cell]);
      }
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    loss = new SoftmaxLoss(in.readInt());
    confusion = new double[loss.classes() * loss.classes()];
    rowsOf = new long[loss.classes()];
    for (int k = 0; k < rowsOf.length; k++) {
      rowsOf[k] = in.readLong();
    }
    logLoss.read(in);
    accuracy.read(in);
    brier.read(in);
    for (Mean mean : top) {
      mean.read(in);
    }
    int used = in.readInt();
    for (int k = 0; k < used; k++) {
      int cell = in.readInt();
      confusion[cell] = in.readDouble();
    }
  }
}
