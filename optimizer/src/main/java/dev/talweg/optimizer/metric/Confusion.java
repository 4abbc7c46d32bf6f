package dev.talweg.optimizer.metric;

import java.util.function.IntToDoubleFunction;

/**
 * Weights of rows by their label's class and their predicted class, and what follows from them with
 * the definitions of scikit-learn. A share of nothing is 0, as there.
 *
 * @param cells K × K: the label's row, the prediction's column
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record Confusion(int classes, double[] cells) {

  /** Of two classes, in the order in which scikit-learn writes them. */
  static Confusion ofTwo(
      double trueNegatives, double falsePositives, double falseNegatives, double truePositives) {
    return new Confusion(
        2, new double[] {trueNegatives, falsePositives, falseNegatives, truePositives});
  }

  /** Weight of the rows of a class that are predicted to be of another, or of itself. */
  public double cell(int label, int predicted) {
    return cells[label * classes + predicted];
  }

  /** Weight of the rows of a class. */
  public double labelled(int k) {
    return sum(other -> cell(k, other));
  }

  /** Weight of the rows that are predicted to be of a class. */
  public double predicted(int k) {
    return sum(other -> cell(other, k));
  }

  private double weight() {
    return sum(this::labelled);
  }

  private double sum(IntToDoubleFunction term) {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += term.applyAsDouble(k);
    }
    return sum;
  }

  /** Share of what is predicted to be of a class that is. */
  public double precision(int k) {
    return share(cell(k, k), predicted(k));
  }

  /** Share of a class that is predicted to be of it. */
  public double recall(int k) {
    return share(cell(k, k), labelled(k));
  }

  /** Intersection over union of a class and of what is predicted to be of it. */
  public double jaccard(int k) {
    return share(cell(k, k), labelled(k) + predicted(k) - cell(k, k));
  }

  /** The harmonic mean of precision and recall, the latter as β times as important. */
  public double f(double beta, int k) {
    double square = beta * beta;
    return share((1 + square) * cell(k, k), square * labelled(k) + predicted(k));
  }

  /** Share of rows whose class is predicted. */
  public double accuracy() {
    return share(sum(k -> cell(k, k)), weight());
  }

  /** Mean recall of the classes that there are. */
  public double balancedAccuracy() {
    return share(sum(this::recall), sum(k -> labelled(k) > 0 ? 1 : 0));
  }

  /** Mean F1 of the classes that are a label or a prediction, each as much. */
  public double macroF1() {
    return share(sum(k -> f(1, k)), sum(k -> labelled(k) + predicted(k) > 0 ? 1 : 0));
  }

  /** Mean F1 of the classes by the weight of their rows. */
  public double weightedF1() {
    return share(sum(k -> labelled(k) * f(1, k)), weight());
  }

  /** Matthews' correlation of labels and predictions, for K classes that of Gorodkin (2004). */
  public double matthews() {
    double all = weight() * weight();
    double byChance = sum(k -> labelled(k) * predicted(k));
    double labels = all - sum(k -> labelled(k) * labelled(k));
    double predictions = all - sum(k -> predicted(k) * predicted(k));
    double together = sum(k -> cell(k, k)) * weight() - byChance;
    return share(together, Math.sqrt(labels) * Math.sqrt(predictions));
  }

  /** Cohen's κ: accuracy beyond that of chance, as a share of what is beyond it. */
  public double kappa() {
    double all = weight() * weight();
    double byChance = sum(k -> labelled(k) * predicted(k));
    return (sum(k -> cell(k, k)) * weight() - byChance) / (all - byChance);
  }

  private static double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
  }
}
