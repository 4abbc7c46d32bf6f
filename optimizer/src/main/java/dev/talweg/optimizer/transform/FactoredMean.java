package dev.talweg.optimizer.transform;

/**
 * A running mean of a matrix's entries, kept as means of its rows r and of its columns s; r sᵀ
 * divided by the mean of r stands for it (Shazeer and Stern 2018).
 *
 * @param rows where r is, from {@code row} on
 * @param columns where s is, from {@code column} on
 */
@SuppressWarnings("ArrayRecordComponent") // made and used within one step, never compared
record FactoredMean(double[] rows, int row, double[] columns, int column) {

  /** Takes in a share of fresh entries. */
  void take(Matrix entries, double share) {
    double[] sums = new double[entries.columns()];
    int at = 0;
    for (int i = 0; i < entries.rows(); i++) {
      double sum = 0;
      for (int k = 0; k < sums.length; k++) {
        double entry = entries.entries()[at++];
        sum += entry;
        sums[k] += entry;
      }
      rows[row + i] = (1 - share) * rows[row + i] + share * (sum / entries.columns());
    }
    for (int k = 0; k < sums.length; k++) {
      columns[column + k] = (1 - share) * columns[column + k] + share * (sums[k] / entries.rows());
    }
  }

  /** The mean of r, of so many rows. */
  double mean(int count) {
    double total = 0;
    for (int i = 0; i < count; i++) {
      total += rows[row + i];
    }
    return total / count;
  }

  /** What stands for the entry of a row and a column. */
  double at(int i, int k, double mean) {
    return rows[row + i] / mean * columns[column + k];
  }
}
