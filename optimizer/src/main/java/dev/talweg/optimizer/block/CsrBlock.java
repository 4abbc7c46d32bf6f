package dev.talweg.optimizer.block;

import dev.talweg.optimizer.kernel.Kernels;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sparse rows: the entries of row i are at positions {@code [starts[i], starts[i+1])} of {@code
 * indices} and {@code values}, by ascending feature. Null {@code values} say that every entry is 1.
 */
public final class CsrBlock implements Block {
  private static final long serialVersionUID = 1L;

  private final int dimension;
  private final int[] starts;
  private final int[] indices;
  private final float @Nullable [] values;
  private final double[] labels;
  private final double @Nullable [] weights;
  private final double @Nullable [] offsets;

  /**
   * The arrays are handed over; {@code indices} and {@code values} may be longer than {@code
   * starts} says.
   */
  public CsrBlock(
      int dimension,
      int[] starts,
      int[] indices,
      float @Nullable [] values,
      double[] labels,
      double @Nullable [] weights) {
    this(dimension, starts, indices, values, labels, weights, null);
  }

  /** The same with offsets. */
  public CsrBlock(
      int dimension,
      int[] starts,
      int[] indices,
      float @Nullable [] values,
      double[] labels,
      double @Nullable [] weights,
      double @Nullable [] offsets) {
    int rows = starts.length - 1;
    Blocks.checkRows(rows, labels, weights);
    Blocks.checkOffsets(rows, offsets);
    if (indices.length < starts[rows] || (values != null && values.length < starts[rows])) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "lengths differ: %d indices for %d entries",
              indices.length,
              starts[rows]));
    }
    for (int i = 0; i < rows; i++) {
      int previous = -1;
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        if (indices[p] <= previous || indices[p] >= dimension) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "row %d: feature %d after %d, of %d",
                  i,
                  indices[p],
                  previous,
                  dimension));
        }
        previous = indices[p];
      }
    }
    this.dimension = dimension;
    this.starts = starts;
    this.indices = indices;
    this.values = values;
    this.labels = labels;
    this.weights = weights;
    this.offsets = offsets;
  }

  /** Rows of a block that was checked. */
  private CsrBlock(
      CsrBlock of, int[] picked, int[] starts, int[] indices, float @Nullable [] values) {
    this.dimension = of.dimension;
    this.starts = starts;
    this.indices = indices;
    this.values = values;
    this.labels = Blocks.pick(of.labels, picked);
    this.weights = Blocks.pickAny(of.weights, picked);
    this.offsets = Blocks.pickAny(of.offsets, picked);
  }

  @Override
  public int rows() {
    return starts.length - 1;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public double[] labels() {
    return labels;
  }

  @Override
  public double @Nullable [] weights() {
    return weights;
  }

  /** Number of entries. */
  int entries() {
    return starts[rows()];
  }

  int[] starts() {
    return starts;
  }

  int[] indices() {
    return indices;
  }

  float @Nullable [] values() {
    return values;
  }

  @Override
  public double @Nullable [] offsets() {
    return offsets;
  }

  @Override
  public long bytes() {
    return 4L * (starts.length + indices.length + (values == null ? 0 : values.length))
        + Blocks.rowBytes(labels, weights)
        + (offsets == null ? 0 : 8L * rows());
  }

  @Override
  public void addMargins(int from, int until, double[] w, double[] margins) {
    Blocks.checkRange(from, until, rows(), margins);
    float[] x = values;
    if (x == null) {
      addOnes(from, until, w, margins);
    } else {
      addValued(from, until, x, w, margins);
    }
  }

  private void addValued(int from, int until, float[] x, double[] w, double[] margins) {
    for (int i = from; i < until; i++) {
      double sum = margins[i - from];
      int end = starts[i + 1];
      for (int p = starts[i]; p < end; p++) {
        sum += x[p] * w[indices[p]];
      }
      margins[i - from] = sum;
    }
  }

  private void addOnes(int from, int until, double[] w, double[] margins) {
    for (int i = from; i < until; i++) {
      double sum = margins[i - from];
      int end = starts[i + 1];
      for (int p = starts[i]; p < end; p++) {
        sum += w[indices[p]];
      }
      margins[i - from] = sum;
    }
  }

  @Override
  public void addTransposed(int from, int until, double[] multipliers, double[] gradient) {
    Blocks.checkRange(from, until, rows(), multipliers);
    float[] x = values;
    if (x == null) {
      addTransposedOnes(from, until, multipliers, gradient);
    } else {
      addTransposedValued(from, until, x, multipliers, gradient);
    }
  }

  private void addTransposedValued(
      int from, int until, float[] x, double[] multipliers, double[] gradient) {
    for (int i = from; i < until; i++) {
      double multiplier = multipliers[i - from];
      int end = starts[i + 1];
      for (int p = starts[i]; p < end; p++) {
        gradient[indices[p]] += multiplier * x[p];
      }
    }
  }

  private void addTransposedOnes(int from, int until, double[] multipliers, double[] gradient) {
    for (int i = from; i < until; i++) {
      double multiplier = multipliers[i - from];
      int end = starts[i + 1];
      for (int p = starts[i]; p < end; p++) {
        gradient[indices[p]] += multiplier;
      }
    }
  }

  @Override
  public long entries(int from, int until) {
    return (long) starts[until] - starts[from];
  }

  @Override
  public int[] lengths(int from, int until) {
    int[] lengths = new int[until - from];
    for (int i = from; i < until; i++) {
      int end = starts[i + 1];
      lengths[i - from] = starts[i] < end ? indices[end - 1] + 1 : 0;
    }
    return lengths;
  }

  @Override
  public void expand(int from, int until, double[] dense) {
    int width = dimension();
    Arrays.fill(dense, 0, (until - from) * width, 0);
    float[] x = values;
    for (int i = from; i < until; i++) {
      int row = (i - from) * width;
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        dense[row + indices[p]] = x == null ? 1 : x[p];
      }
    }
  }

  @Override
  public void addMargins(int from, int until, double[] w, int classes, double[] margins) {
    Blocks.checkRange(from, until, rows(), classes, margins);
    float[] x = values;
    if (x != null) {
      Kernels.addRows(starts, indices, x, from, until, w, classes, margins);
      return;
    }
    for (int i = from; i < until; i++) {
      int to = (i - from) * classes;
      ClassKernels.addOnes(indices, starts[i], starts[i + 1], w, classes, margins, to);
    }
  }

  @Override
  public void addTransposed(
      int from, int until, double[] multipliers, int classes, double[] gradient) {
    Blocks.checkRange(from, until, rows(), classes, multipliers);
    float[] x = values;
    if (x != null) {
      Kernels.addRowsTransposed(starts, indices, x, from, until, multipliers, classes, gradient);
      return;
    }
    for (int i = from; i < until; i++) {
      int of = (i - from) * classes;
      ClassKernels.addOnesTransposed(
          indices, starts[i], starts[i + 1], multipliers, of, classes, gradient);
    }
  }

  @Override
  public void addSquares(double[] multipliers, double[] squares) {
    Blocks.checkRange(0, rows(), rows(), multipliers);
    float[] x = values;
    for (int i = 0; i < rows(); i++) {
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        double value = x == null ? 1 : x[p];
        squares[indices[p]] += multipliers[i] * value * value;
      }
    }
  }

  @Override
  public void addMoments(double[] moments) {
    float[] x = values;
    for (int i = 0; i < rows(); i++) {
      double weight = weights == null ? 1 : weights[i];
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        double value = x == null ? 1 : x[p];
        double weighted = weight * value;
        int at = 3 * indices[p];
        moments[at] += weighted;
        moments[at + 1] += weighted * value;
        moments[at + 2] += weighted * labels[i];
      }
    }
  }

  @Override
  public void addGram(double[] multipliers, double[] gram) {
    Blocks.checkRange(0, rows(), rows(), multipliers);
    if (starts[rows()] > (long) rows() * dimension / 4) {
      addDenseGram(multipliers, gram);
      return;
    }
    int width = dimension + 1;
    float[] x = values;
    int[] features = new int[dimension + 1];
    double[] row = new double[dimension + 1];
    for (int i = 0; i < rows(); i++) {
      int count = 0;
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        features[count] = indices[p];
        row[count++] = x == null ? 1 : x[p];
      }
      features[count] = dimension;
      row[count++] = 1;
      Blocks.addOuter(multipliers[i], features, row, count, width, gram);
    }
  }

  /**
   * Where rows are nearly full: four of them at a time, spread out, along memory. Each entry sums
   * over rows in order, and what a row has not is an exact 0: the bits are those of row by row.
   */
  private void addDenseGram(double[] multipliers, double[] gram) {
    int width = dimension + 1;
    double[] first = new double[width];
    double[] second = new double[width];
    double[] third = new double[width];
    double[] fourth = new double[width];
    double[] sums = new double[width];
    for (int i = 0; i < rows(); i += 4) {
      double a = spread(i, multipliers, first);
      double b = spread(i + 1, multipliers, second);
      double c = spread(i + 2, multipliers, third);
      double d = spread(i + 3, multipliers, fourth);
      for (int j = 0; j < width; j++) {
        int row = j * width;
        System.arraycopy(gram, row + j, sums, j, width - j);
        Blocks.addFour(
            a * first[j],
            first,
            b * second[j],
            second,
            c * third[j],
            third,
            d * fourth[j],
            fourth,
            sums,
            j);
        System.arraycopy(sums, j, gram, row + j, width - j);
      }
    }
  }

  /** Row i and its constant as a dense array, zeros past the last row; returns its multiplier. */
  private double spread(int i, double[] multipliers, double[] dense) {
    Arrays.fill(dense, 0);
    if (i >= rows()) {
      return 0;
    }
    float[] x = values;
    for (int p = starts[i]; p < starts[i + 1]; p++) {
      dense[indices[p]] = x == null ? 1 : x[p];
    }
    dense[dimension] = 1;
    return multipliers[i];
  }

  /**
   * As {@link #addGram(double[], double[])}, over some features only: feature j is the block's
   * feature {@code places[j]}, or none of it where that is negative; the constant is the feature
   * {@code count}. Rows whose multiplier is 0 cost nothing.
   */
  public void addGram(double[] multipliers, int[] places, int count, double[] gram) {
    Blocks.checkRange(0, rows(), rows(), multipliers);
    float[] x = values;
    int[] features = new int[count + 1];
    double[] row = new double[count + 1];
    for (int i = 0; i < rows(); i++) {
      int entries = 0;
      for (int p = starts[i]; multipliers[i] != 0 && p < starts[i + 1]; p++) {
        if (places[indices[p]] >= 0) {
          features[entries] = places[indices[p]];
          row[entries++] = x == null ? 1 : x[p];
        }
      }
      features[entries] = count;
      row[entries++] = 1;
      Blocks.addOuter(multipliers[i], features, row, entries, count + 1, gram);
    }
  }

  /** Adds to {@code counts} how many rows have each feature. */
  public void addCounts(double[] counts) {
    for (int p = 0; p < starts[rows()]; p++) {
      counts[indices[p]]++;
    }
  }

  /** How many products {@link #addGram(double[], int[], int, double[])} takes for all rows. */
  public long products(int[] places) {
    long products = 0;
    for (int i = 0; i < rows(); i++) {
      long entries = 1;
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        entries += places[indices[p]] >= 0 ? 1 : 0;
      }
      products += entries * (entries + 1) / 2;
    }
    return products;
  }

  /** x_i·w. */
  public double rowDot(int i, double[] w) {
    float[] x = values;
    double sum = 0;
    for (int p = starts[i]; p < starts[i + 1]; p++) {
      sum += x == null ? w[indices[p]] : w[indices[p]] * x[p];
    }
    return sum;
  }

  /** Σ s_j x_ij². */
  public double rowSquares(int i, double[] scales) {
    float[] x = values;
    double sum = 0;
    for (int p = starts[i]; p < starts[i + 1]; p++) {
      double value = x == null ? 1 : x[p];
      sum += scales[indices[p]] * value * value;
    }
    return sum;
  }

  /** {@code w_j += step · s_j x_ij}. */
  public void addRow(int i, double step, double[] scales, double[] w) {
    float[] x = values;
    for (int p = starts[i]; p < starts[i + 1]; p++) {
      double value = x == null ? 1 : x[p];
      w[indices[p]] += step * scales[indices[p]] * value;
    }
  }

  /**
   * A step of normalized Adagrad on a row whose loss has this slope: where |x_j| is above {@code
   * largest_j}, it takes its place, and the way from the origin is shortened by as much; then with
   * g = slope · x_j, {@code squares_j += g²} and {@code w_j −= rate · g/(largest_j √squares_j)}.
   */
  public void descend(
      int i,
      double slope,
      double rate,
      double[] origin,
      double[] w,
      double[] squares,
      double[] largest) {
    float[] x = values;
    for (int p = starts[i]; p < starts[i + 1]; p++) {
      int j = indices[p];
      double value = x == null ? 1 : x[p];
      double g = slope * value;
      if (g != 0) {
        squares[j] += g * g;
        double size = Math.abs(value);
        if (size > largest[j]) {
          w[j] = origin[j] + (w[j] - origin[j]) * (largest[j] / size);
          largest[j] = size;
        }
        w[j] -= rate * g / (largest[j] * Math.sqrt(squares[j]));
      }
    }
  }

  @Override
  public CsrBlock sparse() {
    return this;
  }

  @Override
  public double[] row(int i) {
    double[] row = new double[dimension];
    float[] x = values;
    for (int p = starts[i]; p < starts[i + 1]; p++) {
      row[indices[p]] = x == null ? 1 : x[p];
    }
    return row;
  }

  @Override
  public void mark(long[] seen) {
    for (int p = 0; p < starts[rows()]; p++) {
      seen[indices[p] >>> 6] |= 1L << indices[p];
    }
  }

  @Override
  public Block renumbered(Numbering numbering, int ofDimension) {
    return new CsrBlock(
        ofDimension, starts, numbering.of(indices, entries()), values, labels, weights, offsets);
  }

  @Override
  public void visit(int from, int until, int first, int end, Entries entries) {
    float[] x = values;
    for (int i = from; i < until; i++) {
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        double value = x == null ? 1 : x[p];
        if (indices[p] >= first && indices[p] < end && value != 0) {
          entries.is(i - from, indices[p], value);
        }
      }
    }
  }

  @Override
  public Block kept(Numbering numbering, int ofDimension) {
    int[] numbers = numbering.of(indices, entries());
    float[] x = values;
    float[] left = x == null ? null : new float[numbers.length];
    int[] begin = new int[starts.length];
    int count = 0;
    for (int i = 0; i < rows(); i++) {
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        if (numbers[p] >= 0) {
          if (x != null && left != null) {
            left[count] = x[p];
          }
          numbers[count++] = numbers[p];
        }
      }
      begin[i + 1] = count;
    }
    return new CsrBlock(
        ofDimension,
        begin,
        Arrays.copyOf(numbers, count),
        left == null ? null : Arrays.copyOf(left, count),
        labels,
        weights,
        offsets);
  }

  @Override
  public Block select(int[] picked) {
    int[] begin = new int[picked.length + 1];
    for (int i = 0; i < picked.length; i++) {
      begin[i + 1] = begin[i] + starts[picked[i] + 1] - starts[picked[i]];
    }
    int[] features = new int[begin[picked.length]];
    float[] x = values == null ? null : new float[features.length];
    for (int i = 0; i < picked.length; i++) {
      int length = begin[i + 1] - begin[i];
      System.arraycopy(indices, starts[picked[i]], features, begin[i], length);
      if (x != null && values != null) {
        System.arraycopy(values, starts[picked[i]], x, begin[i], length);
      }
    }
    return new CsrBlock(this, picked, begin, features, x);
  }
}
