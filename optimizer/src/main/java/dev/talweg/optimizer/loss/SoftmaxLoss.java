package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.kernel.Exponentials.LN2;
import static dev.talweg.optimizer.kernel.Exponentials.expNonPositive;
import static dev.talweg.optimizer.kernel.Exponentials.log1pUnit;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The negative log likelihood of a class y in {0, …, K − 1} whose K margins are log-odds up to a
 * common shift: ℓ(z, y) = log Σ_k e^{z_k} − z_y (McFadden 1974; Bishop 2006, 4.3.4).
 *
 * <p>With m the largest margin and t = Σ e^{z_k − m} over the others, which no finite margin
 * overflows: ℓ = (m − z_y) + log(1 + t), p_k = e^{z_k − m}/(1 + t), ∂ℓ/∂z_k = p_k − [k = y] and
 * ∂²ℓ/∂z_k∂z_l = p_k [k = l] − p_k p_l. Each row of derivatives sums to zero, since a common shift
 * of the margins changes nothing.
 *
 * <p>Margins are rows × K, row by row in one array. A null {@code weights} says that every weight
 * is 1. Sums run in row order, with {@code Exponentials}, so that they have the same bits
 * everywhere.
 *
 * @param classes K, at least 2
 */
public record SoftmaxLoss(int classes) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The name in configurations. */
  public static final String NAME = "softmax";

  public SoftmaxLoss {
    if (classes < 2) {
      throw new IllegalArgumentException(classes + " classes: at least 2 are needed");
    }
  }

  /**
   * Where the margin of a label's class is among those of its row.
   *
   * @throws IllegalArgumentException where the label is none of 0, …, K − 1
   */
  public int place(double label) {
    int place = (int) label;
    if (place != label || place < 0 || place >= classes) {
      throw new IllegalArgumentException(
          "a label is a whole number from 0 to " + (classes - 1) + ", not " + label);
    }
    return place;
  }

  /**
   * Returns Σ weight · ℓ.
   *
   * @throws IllegalArgumentException where a label is no class, here and below
   */
  public double value(double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      int first = i * classes;
      int largest = largest(margins, first);
      double most = margins[largest];
      double others = 0;
      for (int k = first; k < first + classes; k++) {
        if (k != largest) {
          others += expNonPositive(margins[k] - most);
        }
      }
      double loss = (most - margins[first + place(labels[i])]) + log1p(others);
      sum += weights == null ? loss : weights[i] * loss;
    }
    return sum;
  }

  /** Replaces each margin by weight · ∂ℓ/∂z_k and returns Σ weight · ℓ. */
  public double differentiate(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      int first = i * classes;
      int label = first + place(labels[i]);
      double toLabel = margins[label];
      double most = margins[largest(margins, first)];
      double loss = (most - toLabel) + log1p(exponentiate(margins, first));
      double weight = weights == null ? 1 : weights[i];
      sum += weight * loss;
      margins[label] -= 1;
      for (int k = first; k < first + classes; k++) {
        margins[k] *= weight;
      }
    }
    return sum;
  }

  /** Replaces the margins of each row by the probabilities of the classes. */
  public void probabilities(double[] margins, int rows) {
    for (int i = 0; i < rows; i++) {
      exponentiate(margins, i * classes);
    }
  }

  /** Replaces the margins of one row by probabilities; returns t. */
  private double exponentiate(double[] margins, int first) {
    int largest = largest(margins, first);
    double most = margins[largest];
    double others = 0;
    for (int k = first; k < first + classes; k++) {
      if (k == largest) {
        margins[k] = 1;
      } else {
        margins[k] = expNonPositive(margins[k] - most);
        others += margins[k];
      }
    }
    double total = 1 + others;
    for (int k = first; k < first + classes; k++) {
      margins[k] /= total;
    }
    return others;
  }

  /** Where the largest margin of a row is, the first of equals. */
  private int largest(double[] margins, int first) {
    int largest = first;
    for (int k = first + 1; k < first + classes; k++) {
      largest = margins[k] > margins[largest] ? k : largest;
    }
    return largest;
  }

  /** log(1 + t) for t in [0, K): t keeps its digits below 1, and 1 + t is cut by powers of 2. */
  private static double log1p(double t) {
    if (t <= 1) {
      return log1pUnit(t);
    }
    double sum = 1 + t;
    int exponent = Math.getExponent(sum);
    return exponent * LN2 + log1pUnit(Math.scalb(sum, -exponent) - 1);
  }

  /**
   * ℓ*(θ, y) = Σ_k q_k log q_k with q = θ + e_y: the negative entropy of a distribution q over the
   * classes, and +∞ where q is none.
   *
   * @param distributions q, row after row
   * @param row of which the conjugate is taken
   */
  public double conjugate(double[] distributions, int row) {
    double sum = 0;
    double total = 0;
    for (int k = row * classes; k < (row + 1) * classes; k++) {
      double q = distributions[k];
      if (q < 0) {
        return Double.POSITIVE_INFINITY;
      }
      sum += q == 0 ? 0 : q * StrictMath.log(q);
      total += q;
    }
    // K quotients and their sum are rounded
    return Math.abs(total - 1) <= classes * 0x1p-50 ? sum : Double.POSITIVE_INFINITY;
  }
}
