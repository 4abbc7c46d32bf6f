package dev.talweg.optimizer.block;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some thousand examples: a matrix X of {@code rows × dimension} features with their labels and
 * weights.
 *
 * <p>Blocks are values: nothing changes one after it is built, and the arrays they hand out must
 * not be written to. All sums over rows run in row order, so their bits do not depend on who calls.
 */
public sealed interface Block extends Serializable permits ChunkBlock, ColumnBlock, CsrBlock {

  /** Number of examples. */
  int rows();

  /** Number of features d; every feature index is in {@code [0, d)}. */
  int dimension();

  /** The label of each row: 0 or 1 for two classes, any real for regression. */
  double[] labels();

  /** The weight of each row, none negative; null says that all are 1. */
  double @Nullable [] weights();

  /**
   * What the margin of each row has beside x·w and the intercept, such as the logarithm of an
   * exposure; null says that all are 0. {@link #addMargins} leaves it to the caller: a direction
   * has none.
   */
  double @Nullable [] offsets();

  /** Σ of the weights of the rows {@code from ≤ i < until}. */
  default double weight(int from, int until) {
    double @Nullable [] weights = weights();
    if (weights == null) {
      return until - from;
    }
    double sum = 0;
    for (int i = from; i < until; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /** Values that the rows {@code from ≤ i < until} have other than 0, at most. */
  default long entries(int from, int until) {
    return rowwise().entries(from, until);
  }

  /**
   * Writes the rows {@code from ≤ i < until} as d numbers each, row after row, from {@code
   * dense[0]} on.
   */
  default void expand(int from, int until, double[] dense) {
    rowwise().expand(from, until, dense);
  }

  /**
   * How far each of the rows {@code from ≤ i < until} goes: 1 and its last feature with a value, be
   * that 0; 0 where it has none. Of rows of arrays, their length.
   */
  default int[] lengths(int from, int until) {
    return rowwise().lengths(from, until);
  }

  /** Memory held, in bytes. */
  long bytes();

  /**
   * {@code margins[i - from] += x_i · w} for the rows {@code from ≤ i < until}. {@code w} has at
   * least d entries.
   */
  void addMargins(int from, int until, double[] w, double[] margins);

  /** {@code gradient += Σ multipliers[i - from] · x_i} over the rows {@code from ≤ i < until}. */
  void addTransposed(int from, int until, double[] multipliers, double[] gradient);

  /**
   * The same for K classes at once: {@code margins[(i - from)·K + k] += x_i · w_k} with {@code
   * w[j·K + k]} the weight of feature j for class k.
   */
  default void addMargins(int from, int until, double[] w, int classes, double[] margins) {
    double[] one = new double[dimension()];
    double[] z = new double[until - from];
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < one.length; j++) {
        one[j] = w[j * classes + k];
      }
      Arrays.fill(z, 0);
      addMargins(from, until, one, z);
      for (int i = 0; i < z.length; i++) {
        margins[i * classes + k] += z[i];
      }
    }
  }

  /**
   * The same for K classes at once: {@code gradient[j·K + k] += Σ multipliers[(i - from)·K + k] ·
   * x_ij}.
   */
  default void addTransposed(
      int from, int until, double[] multipliers, int classes, double[] gradient) {
    double[] one = new double[dimension()];
    double[] r = new double[until - from];
    for (int k = 0; k < classes; k++) {
      for (int i = 0; i < r.length; i++) {
        r[i] = multipliers[i * classes + k];
      }
      Arrays.fill(one, 0);
      addTransposed(from, until, r, one);
      for (int j = 0; j < one.length; j++) {
        gradient[j * classes + k] += one[j];
      }
    }
  }

  /** {@code squares_j += Σ multipliers[i] · x_ij²} over all rows: the diagonal of XᵀDX. */
  void addSquares(double[] multipliers, double[] squares);

  /**
   * Adds Σωx_j, Σωx_j² and Σωyx_j over all rows to {@code moments[3j]}, {@code [3j + 1]} and {@code
   * [3j + 2]}, with the block's own weights and labels: side by side, since a sparse row touches
   * them together.
   */
  void addMoments(double[] moments);

  /**
   * {@code gram += Σ multipliers[i] · x_i x_iᵀ} over all rows, with a constant 1 as feature d.
   *
   * @param gram the upper triangle, row by row, of a (d+1) × (d+1) matrix: entry (j, k), j ≤ k, is
   *     at {@code j·(d+1) + k}
   */
  void addGram(double[] multipliers, double[] gram);

  /**
   * The feature values of one row, as a dense array of d numbers: for tests and explanations, not
   * for loops.
   */
  double[] row(int i);

  /**
   * The same rows as sparse ones, without the values that are 0: for samples that are walked row by
   * row.
   */
  default CsrBlock sparse() {
    int[] starts = new int[rows() + 1];
    List<double[]> dense = new ArrayList<>();
    for (int i = 0; i < rows(); i++) {
      double[] row = row(i);
      starts[i + 1] =
          starts[i] + Math.toIntExact(Arrays.stream(row).filter(value -> value != 0).count());
      dense.add(row);
    }
    int[] indices = new int[starts[rows()]];
    float[] values = new float[indices.length];
    int next = 0;
    for (double[] row : dense) {
      for (int j = 0; j < row.length; j++) {
        if (row[j] != 0) {
          indices[next] = j;
          values[next++] = (float) row[j];
        }
      }
    }
    return new CsrBlock(dimension(), starts, indices, values, labels(), weights(), offsets());
  }

  /** Sets the bit of each feature that some row has: bit j of word j / 64. */
  void mark(long[] seen);

  /**
   * The same rows with other numbers for their features, in the same order. Numeric columns of a
   * {@link ColumnBlock} keep theirs.
   */
  Block renumbered(Numbering numbering, int dimension);

  /** What is told of each value of some rows. */
  @FunctionalInterface
  interface Entries {
    /**
     * @param row counted from the first one that was asked for
     */
    void is(int row, int feature, double value);
  }

  /**
   * Tells every value other than 0 that the rows {@code from ≤ i < until} have of the features
   * {@code first ≤ j < end}: those of a feature in the order of rows.
   */
  void visit(int from, int until, int first, int end, Entries entries);

  /**
   * The same rows with the features alone that a numbering has a number for, in the same order: of
   * others it gives −1. Numeric columns of a {@link ColumnBlock} stay.
   */
  Block kept(Numbering numbering, int dimension);

  /** The rows that {@code picked} names, in that order, as a block of their own. */
  Block select(int[] picked);

  /**
   * The same rows in a layout where a range of rows and a selection cost their own entries only:
   * for mini-batches. Usually this block.
   */
  default Block rowwise() {
    return this;
  }

  /** Other numbers for features, in the same order: an array at a time. */
  interface Numbering {
    /** The numbers of the first {@code count} features; −1 stays −1. */
    int[] of(int[] features, int count);
  }
}
