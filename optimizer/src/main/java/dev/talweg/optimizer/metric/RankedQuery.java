package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.kernel.Exponentials;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The rows of one query from the highest score down, equal ones by their number, and how well the
 * relevant ones are in front. A row is relevant where its label is above 0.
 *
 * @param relevance the labels in that order
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record RankedQuery(double[] scores, double[] relevance) {
  private boolean isRelevant(int row) {
    return relevance[row] > 0;
  }

  private double relevant(int first) {
    int count = 0;
    for (int i = 0; i < Math.min(first, relevance.length); i++) {
      count += isRelevant(i) ? 1 : 0;
    }
    return count;
  }

  private double relevant() {
    return relevant(relevance.length);
  }

  private static double discount(int row) {
    return Exponentials.LN2 / StrictMath.log(row + 2.0);
  }

  /**
   * Discounted cumulative gain of the first rows (Järvelin and Kekäläinen, TOIS 20 (2002)); ties
   * have the mean of their gains, as in scikit-learn (McSherry and Najork, ECIR (2008)).
   */
  double dcg(int first, DoubleUnaryOperator gain) {
    double sum = 0;
    int end;
    for (int start = 0; start < Math.min(first, scores.length); start = end) {
      double gains = 0;
      double discounts = 0;
      for (end = start; end < scores.length && ties(start, end); end++) {
        gains += gain.applyAsDouble(relevance[end]);
        discounts += end < first ? discount(end) : 0;
      }
      sum += gains / (end - start) * discounts;
    }
    return sum;
  }

  /** The same as a share of that of the best order; 0 where nothing is relevant. */
  double ndcg(int first, DoubleUnaryOperator gain) {
    double[] best = relevance.clone();
    Arrays.sort(best);
    double most = 0;
    for (int i = 0; i < Math.min(first, best.length); i++) {
      most += gain.applyAsDouble(best[best.length - 1 - i]) * discount(i);
    }
    return most > 0 ? dcg(first, gain) / most : 0;
  }

  /** A score that is no number has no other beside it. */
  private boolean ties(int row, int other) {
    return row == other || scores[row] == scores[other];
  }

  /** Sum of the precisions at the relevant ones of the first rows. */
  private double precisions(int first) {
    double sum = 0;
    int found = 0;
    for (int i = 0; i < Math.min(first, relevance.length); i++) {
      if (isRelevant(i)) {
        found++;
        sum += found / (i + 1.0);
      }
    }
    return sum;
  }

  /** Average precision, of at most as many relevant rows as are looked at (Spark's). */
  double averagePrecision(int first) {
    return share(precisions(first), Math.min(first, relevant()));
  }

  /** Average precision of all relevant rows (trec_eval's map_cut). */
  double cutPrecision(int first) {
    return share(precisions(first), relevant());
  }

  double precision(int first) {
    return relevant(first) / first;
  }

  double recall(int first) {
    return share(relevant(first), relevant());
  }

  double hitRate(int first) {
    return Math.min(1, relevant(first));
  }

  /** One by the place of the first relevant row. */
  double reciprocalRank(int first) {
    for (int i = 0; i < Math.min(first, relevance.length); i++) {
      if (isRelevant(i)) {
        return 1 / (i + 1.0);
      }
    }
    return 0;
  }

  /** Precision of as many rows as are relevant. */
  double precisionOfRelevant() {
    return share(relevant((int) relevant()), relevant());
  }

  /** Binary preference (Buckley and Voorhees, SIGIR (2004)), as trec_eval has it. */
  double binaryPreference() {
    double all = relevant();
    double bound = Math.min(all, relevance.length - all);
    double sum = 0;
    int others = 0;
    for (int i = 0; i < relevance.length; i++) {
      if (!isRelevant(i)) {
        others++;
      } else {
        sum += others == 0 ? 1 : 1 - Math.min(others, bound) / bound;
      }
    }
    return share(sum, all);
  }

  /** Area under the ROC curve; NaN where all rows are relevant, or none. */
  double area() {
    double all = relevant();
    double found = 0;
    double right = 0;
    int end;
    for (int start = 0; start < scores.length; start = end) {
      double tied = 0;
      for (end = start; end < scores.length && ties(start, end); end++) {
        tied += isRelevant(end) ? 1 : 0;
      }
      right += (end - start - tied) * (found + 0.5 * tied);
      found += tied;
    }
    return right / (all * (scores.length - all));
  }

  int rows() {
    return scores.length;
  }

  private static double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
  }
}
