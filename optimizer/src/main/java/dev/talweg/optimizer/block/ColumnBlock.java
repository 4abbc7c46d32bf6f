package dev.talweg.optimizer.block;

import dev.talweg.optimizer.kernel.Kernels;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table: k numeric columns and f one-hot fields.
 *
 * <p>Layout, column after column, so that every loop runs along memory and the margins of a block
 * stay in cache: {@code numeric[j · rows + i]} is feature j of row i, for j in [0, k); {@code ids[f
 * · rows + i]} is the one feature of field f that is 1 in row i, a number in [k, d), or −1 for
 * none. A one-hot feature costs four bytes and no multiplication.
 */
public final class ColumnBlock implements Block {
  private static final long serialVersionUID = 1L;

  private final int rows;
  private final int dimension;
  private final int numericColumns;
  private final int fields;
  private final float[] numeric;
  private final int[] ids;
  private final double[] labels;
  private final double @Nullable [] weights;
  private final double @Nullable [] offsets;

  /**
   * The arrays are handed over. Fields have disjoint features, so no row names one feature twice.
   */
  public ColumnBlock(
      int rows,
      int dimension,
      int numericColumns,
      float[] numeric,
      int fields,
      int[] ids,
      double[] labels,
      double @Nullable [] weights) {
    this(rows, dimension, numericColumns, numeric, fields, ids, labels, weights, null);
  }

  /** The same with offsets. */
  public ColumnBlock(
      int rows,
      int dimension,
      int numericColumns,
      float[] numeric,
      int fields,
      int[] ids,
      double[] labels,
      double @Nullable [] weights,
      double @Nullable [] offsets) {
    if (numeric.length != (long) rows * numericColumns || ids.length != (long) rows * fields) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "lengths differ: %d values and %d ids for %d rows of %d columns and %d fields",
              numeric.length,
              ids.length,
              rows,
              numericColumns,
              fields));
    }
    Blocks.checkRows(rows, labels, weights);
    Blocks.checkOffsets(rows, offsets);
    for (int id : ids) {
      if (id != -1 && (id < numericColumns || id >= dimension)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "feature %d is not in [%d, %d)", id, numericColumns, dimension));
      }
    }
    this.rows = rows;
    this.dimension = dimension;
    this.numericColumns = numericColumns;
    this.fields = fields;
    this.numeric = numeric;
    this.ids = ids;
    this.labels = labels;
    this.weights = weights;
    this.offsets = offsets;
  }

  @Override
  public int rows() {
    return rows;
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

  @Override
  public double @Nullable [] offsets() {
    return offsets;
  }

  @Override
  public long entries(int from, int until) {
    return (long) (until - from) * (numericColumns + fields);
  }

  @Override
  public void expand(int from, int until, double[] dense) {
    Arrays.fill(dense, 0, (until - from) * dimension, 0);
    for (int j = 0; j < numericColumns; j++) {
      for (int i = from; i < until; i++) {
        dense[(i - from) * dimension + j] = numeric[j * rows + i];
      }
    }
    for (int f = 0; f < fields; f++) {
      for (int i = from; i < until; i++) {
        int id = ids[f * rows + i];
        if (id >= 0) {
          dense[(i - from) * dimension + id] = 1;
        }
      }
    }
  }

  /** Columns have a value in every row. */
  @Override
  public int[] lengths(int from, int until) {
    int[] lengths = new int[until - from];
    Arrays.fill(lengths, numericColumns);
    for (int f = 0; f < fields; f++) {
      for (int i = from; i < until; i++) {
        lengths[i - from] = Math.max(lengths[i - from], ids[f * rows + i] + 1);
      }
    }
    return lengths;
  }

  @Override
  public long bytes() {
    return 4L * (numeric.length + ids.length)
        + Blocks.rowBytes(labels, weights)
        + (offsets == null ? 0 : 8L * rows);
  }

  @Override
  public void addMargins(int from, int until, double[] w, double[] margins) {
    Blocks.checkRange(from, until, rows, margins);
    Kernels.addColumns(numeric, rows, numericColumns, from, until, w, margins);
    for (int f = 0; f < fields; f++) {
      int base = f * rows;
      for (int i = from; i < until; i++) {
        int id = ids[base + i];
        if (id >= 0) {
          margins[i - from] += w[id];
        }
      }
    }
  }

  @Override
  public void addTransposed(int from, int until, double[] multipliers, double[] gradient) {
    Blocks.checkRange(from, until, rows, multipliers);
    addTransposedColumns(from, until, multipliers, gradient);
    for (int f = 0; f < fields; f++) {
      int base = f * rows;
      for (int i = from; i < until; i++) {
        int id = ids[base + i];
        if (id >= 0) {
          gradient[id] += multipliers[i - from];
        }
      }
    }
  }

  /**
   * Four columns at a time: four sums that do not wait for each other, each in the order of the
   * rows.
   */
  private void addTransposedColumns(int from, int until, double[] multipliers, double[] gradient) {
    int j = 0;
    for (; j + 4 <= numericColumns; j += 4) {
      double s0 = gradient[j];
      double s1 = gradient[j + 1];
      double s2 = gradient[j + 2];
      double s3 = gradient[j + 3];
      int at0 = j * rows;
      int at1 = at0 + rows;
      int at2 = at1 + rows;
      int at3 = at2 + rows;
      for (int i = from; i < until; i++) {
        double multiplier = multipliers[i - from];
        s0 += multiplier * numeric[at0 + i];
        s1 += multiplier * numeric[at1 + i];
        s2 += multiplier * numeric[at2 + i];
        s3 += multiplier * numeric[at3 + i];
      }
      gradient[j] = s0;
      gradient[j + 1] = s1;
      gradient[j + 2] = s2;
      gradient[j + 3] = s3;
    }
    for (; j < numericColumns; j++) {
      double sum = gradient[j];
      int at = j * rows;
      for (int i = from; i < until; i++) {
        sum += multipliers[i - from] * numeric[at + i];
      }
      gradient[j] = sum;
    }
  }

  @Override
  public void addMargins(int from, int until, double[] w, int classes, double[] margins) {
    Blocks.checkRange(from, until, rows, classes, margins);
    ClassKernels.addColumns(numeric, rows, numericColumns, from, until, w, classes, margins);
    for (int f = 0; f < fields; f++) {
      ClassKernels.addField(ids, f * rows, from, until, w, classes, margins);
    }
  }

  @Override
  public void addTransposed(
      int from, int until, double[] multipliers, int classes, double[] gradient) {
    Blocks.checkRange(from, until, rows, classes, multipliers);
    ClassKernels.addColumnsTransposed(
        numeric, rows, numericColumns, from, until, multipliers, classes, gradient);
    for (int f = 0; f < fields; f++) {
      ClassKernels.addFieldTransposed(ids, f * rows, from, until, multipliers, classes, gradient);
    }
  }

  @Override
  public void addSquares(double[] multipliers, double[] squares) {
    Blocks.checkRange(0, rows, rows, multipliers);
    for (int j = 0; j < numericColumns; j++) {
      double sum = squares[j];
      int base = j * rows;
      for (int i = 0; i < rows; i++) {
        double x = numeric[base + i];
        sum += multipliers[i] * x * x;
      }
      squares[j] = sum;
    }
    for (int k = 0; k < ids.length; k++) {
      if (ids[k] >= 0) {
        squares[ids[k]] += multipliers[k % rows];
      }
    }
  }

  @Override
  public void addMoments(double[] moments) {
    for (int j = 0; j < numericColumns; j++) {
      double sum = moments[3 * j];
      double squares = moments[3 * j + 1];
      double products = moments[3 * j + 2];
      for (int i = 0; i < rows; i++) {
        double x = numeric[j * rows + i];
        double weighted = weights == null ? x : weights[i] * x;
        sum += weighted;
        squares += weighted * x;
        products += weighted * labels[i];
      }
      moments[3 * j] = sum;
      moments[3 * j + 1] = squares;
      moments[3 * j + 2] = products;
    }
    for (int f = 0; f < fields; f++) {
      for (int i = 0; i < rows; i++) {
        int id = ids[f * rows + i];
        if (id >= 0) {
          double weight = weights == null ? 1 : weights[i];
          moments[3 * id] += weight;
          moments[3 * id + 1] += weight;
          moments[3 * id + 2] += weight * labels[i];
        }
      }
    }
  }

  /**
   * Numeric columns first, pair by pair along memory; the bits are those of row by row, since every
   * entry still sums over rows in order.
   */
  @Override
  public void addGram(double[] multipliers, double[] gram) {
    Blocks.checkRange(0, rows, rows, multipliers);
    int width = dimension + 1;
    double[] scaled = new double[rows];
    for (int j = 0; j < numericColumns; j++) {
      for (int i = 0; i < rows; i++) {
        scaled[i] = multipliers[i] * numeric[j * rows + i];
      }
      int row = j * width;
      int k = j;
      for (; k + 3 < numericColumns; k += 4) {
        addProducts(scaled, k, row, gram);
      }
      for (; k < numericColumns; k++) {
        double sum = gram[row + k];
        int base = k * rows;
        for (int i = 0; i < rows; i++) {
          sum += scaled[i] * numeric[base + i];
        }
        gram[row + k] = sum;
      }
      for (int f = 0; f < fields; f++) {
        int base = f * rows;
        for (int i = 0; i < rows; i++) {
          int id = ids[base + i];
          if (id >= 0) {
            gram[row + id] += scaled[i];
          }
        }
      }
      double sum = gram[row + dimension];
      for (int i = 0; i < rows; i++) {
        sum += scaled[i];
      }
      gram[row + dimension] = sum;
    }
    addFieldProducts(multipliers, gram);
  }

  /** Four entries of a row side by side, each summed over rows in order. */
  private void addProducts(double[] scaled, int k, int row, double[] gram) {
    double first = gram[row + k];
    double second = gram[row + k + 1];
    double third = gram[row + k + 2];
    double fourth = gram[row + k + 3];
    int base = k * rows;
    for (int i = 0; i < rows; i++) {
      double x = scaled[i];
      first += x * numeric[base + i];
      second += x * numeric[base + rows + i];
      third += x * numeric[base + 2 * rows + i];
      fourth += x * numeric[base + 3 * rows + i];
    }
    gram[row + k] = first;
    gram[row + k + 1] = second;
    gram[row + k + 2] = third;
    gram[row + k + 3] = fourth;
  }

  /** What the one-hot features and the constant have with each other. */
  private void addFieldProducts(double[] multipliers, double[] gram) {
    int[] features = new int[fields + 1];
    double[] ones = new double[fields + 1];
    Arrays.fill(ones, 1);
    for (int i = 0; i < rows; i++) {
      int count = 0;
      for (int f = 0; f < fields; f++) {
        int id = ids[f * rows + i];
        if (id >= 0) {
          features[count++] = id;
        }
      }
      features[count++] = dimension;
      Blocks.addOuter(multipliers[i], features, ones, count, dimension + 1, gram);
    }
  }

  @Override
  public double[] row(int i) {
    double[] row = new double[dimension];
    for (int j = 0; j < numericColumns; j++) {
      row[j] = numeric[j * rows + i];
    }
    for (int f = 0; f < fields; f++) {
      int id = ids[f * rows + i];
      if (id >= 0) {
        row[id] = 1;
      }
    }
    return row;
  }

  @Override
  public CsrBlock sparse() {
    int[] starts = new int[rows + 1];
    int[] features = new int[rows * (numericColumns + fields)];
    float[] values = new float[features.length];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < numericColumns; j++) {
        if (numeric[j * rows + i] != 0) {
          features[count] = j;
          values[count++] = numeric[j * rows + i];
        }
      }
      int first = count;
      for (int f = 0; f < fields; f++) {
        if (ids[f * rows + i] >= 0) {
          features[count] = ids[f * rows + i];
          values[count++] = 1;
        }
      }
      Arrays.sort(features, first, count); // their values are all 1
      starts[i + 1] = count;
    }
    return new CsrBlock(dimension, starts, features, values, labels, weights, offsets);
  }

  @Override
  public void mark(long[] seen) {
    for (int j = 0; j < numericColumns; j++) {
      seen[j >>> 6] |= 1L << j;
    }
    for (int id : ids) {
      if (id >= 0) {
        seen[id >>> 6] |= 1L << id;
      }
    }
  }

  @Override
  public Block renumbered(Numbering numbering, int ofDimension) {
    int[] renumbered = numbering.of(ids, ids.length);
    return new ColumnBlock(
        rows, ofDimension, numericColumns, numeric, fields, renumbered, labels, weights, offsets);
  }

  @Override
  public void visit(int from, int until, int first, int end, Entries entries) {
    for (int j = first; j < Math.min(end, numericColumns); j++) {
      for (int i = from; i < until; i++) {
        if (numeric[j * rows + i] != 0) {
          entries.is(i - from, j, numeric[j * rows + i]);
        }
      }
    }
    for (int f = 0; f < fields; f++) {
      for (int i = from; i < until; i++) {
        int id = ids[f * rows + i];
        if (id >= first && id < end) {
          entries.is(i - from, id, 1);
        }
      }
    }
  }

  /** Fields that have nothing left are left out. */
  @Override
  public Block kept(Numbering numbering, int ofDimension) {
    int[] numbers = numbering.of(ids, ids.length);
    int left = 0;
    for (int f = 0; f < fields; f++) {
      boolean any = false;
      for (int i = f * rows; i < (f + 1) * rows; i++) {
        any |= numbers[i] >= 0;
      }
      if (any) {
        System.arraycopy(numbers, f * rows, numbers, left * rows, rows);
        left++;
      }
    }
    return new ColumnBlock(
        rows,
        ofDimension,
        numericColumns,
        numeric,
        left,
        Arrays.copyOf(numbers, left * rows),
        labels,
        weights,
        offsets);
  }

  @Override
  public Block select(int[] picked) {
    int n = picked.length;
    float[] values = new float[n * numericColumns];
    int[] features = new int[n * fields];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < numericColumns; j++) {
        values[j * n + i] = numeric[j * rows + picked[i]];
      }
      for (int f = 0; f < fields; f++) {
        features[f * n + i] = ids[f * rows + picked[i]];
      }
    }
    return new ColumnBlock(
        n,
        dimension,
        numericColumns,
        values,
        fields,
        features,
        Blocks.pick(labels, picked),
        Blocks.pickAny(weights, picked),
        Blocks.pickAny(offsets, picked));
  }
}
