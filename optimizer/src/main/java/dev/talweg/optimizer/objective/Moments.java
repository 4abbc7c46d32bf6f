package dev.talweg.optimizer.objective;

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
 */
public record Moments(
    long rows,
    double weight,
    double label,
    double labelSquares,
    double[] sums,
    double[] squares,
    double[] labelled) {
  /** The weighted population standard deviation of feature j; 0 for a constant one. */
  public double deviation(int j) {
    double mean = sums[j] / weight;
    return Math.sqrt(Math.max(0, squares[j] / weight - mean * mean));
  }
}
