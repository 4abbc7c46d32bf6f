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
  private static final int[] TOP = {3, 5};

  private SoftmaxLoss loss;
  private double[] confusion; // K × K weights: the label's row, the prediction's column
  private long[] rowsOf;
  private final Mean logLoss = new Mean();
  private final Mean accuracy = new Mean();
  private final Mean[] top = {new Mean(), new Mean()};

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
      int y = (int) labels[i];
      int predicted = 0;
      int rank = 0;
      for (int k = 0; k < classes; k++) {
        predicted = z[k] > z[predicted] ? k : predicted;
        rank += z[k] > z[y] || (z[k] == z[y] && k < y) ? 1 : 0;
      }
      label[0] = y;
      logLoss.add(loss.value(z, label, null, 1), weight);
      accuracy.add(rank == 0 ? 1 : 0, weight);
      for (int t = 0; t < TOP.length; t++) {
        top[t].add(rank < TOP[t] ? 1 : 0, weight);
      }
      confusion[y * classes + predicted] += weight;
      rowsOf[y]++;
    }
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
    List<Value> values = new ArrayList<>();
    values.add(new Value("log-loss", logLoss.mean(), logLoss.standardError()));
    values.add(new Value("accuracy", accuracy.mean(), accuracy.standardError()));
    values.add(new Value("macro-f1", macroF1(), Double.NaN));
    for (int t = 0; t < TOP.length; t++) {
      if (TOP[t] < loss.classes()) {
        String name = "top-" + TOP[t] + "-accuracy";
        values.add(new Value(name, top[t].mean(), top[t].standardError()));
      }
    }
    return values;
  }

  /** Over the classes that are a label or a prediction, as scikit-learn has it. */
  private double macroF1() {
    double sum = 0;
    int present = 0;
    for (int k = 0; k < loss.classes(); k++) {
      Counts counts = counts(k);
      if (counts.labelled + counts.predicted > 0) {
        sum += counts.f1();
        present++;
      }
    }
    return sum / present;
  }

  /** Weights of the rows of one class, of those predicted to be, and of both. */
  private record Counts(double labelled, double predicted, double right) {
    double f1() {
      return 2 * right / (labelled + predicted);
    }
  }

  private Counts counts(int k) {
    int classes = loss.classes();
    double labelled = 0;
    double predicted = 0;
    for (int other = 0; other < classes; other++) {
      labelled += confusion[k * classes + other];
      predicted += confusion[other * classes + k];
    }
    return new Counts(labelled, predicted, confusion[k * classes + k]);
  }

  @Override
  public List<OfClass> byClass() {
    List<OfClass> all = new ArrayList<>();
    for (int k = 0; k < loss.classes(); k++) {
      Counts counts = counts(k);
      all.add(
          new OfClass(
              rowsOf[k],
              List.of(
                  new Value("precision", counts.right / counts.predicted, Double.NaN),
                  new Value("recall", counts.right / counts.labelled, Double.NaN),
                  new Value("f1", counts.f1(), Double.NaN))));
    }
    return all;
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
