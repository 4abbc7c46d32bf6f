package dev.talweg.optimizer.objective;

import java.util.Arrays;

/**
 * Weighted sums over the training rows, gathered while the data is read.
 *
 * @param rows number of rows
 * @param weight Σ ω
 * @param label Σ ω y
 * @param labelSquares Σ ω y²
 * @param sums Σ ω x_j, d numbers
 * @param squares Σ ω x_j², d numbers
 * @param labelled Σ ω y x_j, d numbers
 * @param offset Σ ω o of the rows' offsets
 * @param offsetSize Σ ω |o|: 0 where no row has one
 * @param entries values other than 0 that the rows have, at most
 */
public record Moments(
    long rows,
    double weight,
    double label,
    double labelSquares,
    double[] sums,
    double[] squares,
    double[] labelled,
    double offset,
    double offsetSize,
    long entries) {

  /** Of full rows without offsets. */
  public Moments(
      long rows,
      double weight,
      double label,
      double labelSquares,
      double[] sums,
      double[] squares,
      double[] labelled) {
    this(rows, weight, label, labelSquares, sums, squares, labelled, 0, 0, rows * sums.length);
  }

  /** Of the sums over all partitions that {@link PartitionPasses#moments} describes. */
  public static Moments of(double[] sums) {
    int tail = sums.length - PartitionPasses.MOMENTS;
    int d = tail / 3;
    return new Moments(
        (long) sums[tail],
        sums[tail + 1],
        sums[tail + 2],
        sums[tail + 3],
        Arrays.copyOf(sums, d),
        Arrays.copyOfRange(sums, d, 2 * d),
        Arrays.copyOfRange(sums, 2 * d, tail),
        sums[tail + 4],
        sums[tail + 5],
        (long) sums[tail + 6]);
  }

  /** The weighted population standard deviation of feature j; 0 for a constant one. */
  public double deviation(int j) {
    double mean = sums[j] / weight;
    return Math.sqrt(Math.max(0, squares[j] / weight - mean * mean));
  }
}
